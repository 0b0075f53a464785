"""`park eval`: what the platform is worth, measured by its own code. Only wiring, like `park`."""

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(
    help="Measure ranking, assignment and draws with the product's own code.",
    no_args_is_help=True,
)


@commands.command("own-matches")
def own_matches(
    username: Annotated[str, typer.Option("--user", help="Whose view of the matches.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
) -> None:
    """Write the platform's own accepted and rejected matches as an evaluation set."""
    import app.registry  # noqa: F401 -- fills the directory of registers
    from app.core.settings import get_settings
    from app.matching.evaluation_files import write
    from app.registers.cli import run_as
    from app.serving import migrated

    with migrated(get_settings()):
        told = run_as(username, lambda work: write(work, out))
    typer.echo(", ".join(f"{count} {name}" for name, count in told.items()))


@commands.command("draw")
def draw(
    rounds: Annotated[int, typer.Option(min=100, help="Draws for the test of even chances.")] = (
        20_000
    ),
    seed: Annotated[int, typer.Option(help="Another seed: other people, other numbers.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Measure the random draw: even chances, speed, forgeries found, one order to the end."""
    import json
    from dataclasses import asdict

    from app.matching.drawing.evaluation import measured

    figures = list(measured(rounds, seed))
    if as_json:
        typer.echo(json.dumps([asdict(figure) for figure in figures], ensure_ascii=False))
    else:
        for figure in figures:
            mark = "ok " if figure.held else "NO "
            typer.echo(f"{mark}{figure.id:<24}{figure.value:<12g}{figure.unit:<9}{figure.what}")
    if not all(figure.held for figure in figures):
        raise typer.Exit(1)


@commands.command("assignment")
def assignment(
    projects: Annotated[int, typer.Option(min=1, help="Projects.")] = 1000,
    experts: Annotated[int, typer.Option(min=2, help="Experts.")] = 5000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same batch.")] = 0,
    k: Annotated[int, typer.Option(min=1, help="Experts each project wants.")] = 5,
    load: Annotated[int, typer.Option(min=1, help="Projects each expert takes at most.")] = 10,
    objective: Annotated[str, typer.Option(help="total, worst-off, or both.")] = "both",
    quotas: Annotated[bool, typer.Option("--quotas", help="Ask for quotas too.")] = False,  # noqa: FBT002
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Measure assignment: proof, processor time, the worst-off project; each result checked."""
    import json
    from dataclasses import asdict

    from app.matching.assignment.evaluation import Asked, measured
    from app.matching.assignment.problem import Objective

    chosen = list(Objective) if objective == "both" else [Objective(objective.replace("-", "_"))]
    figures = list(measured(Asked(projects, experts, seed, k, load, quotas), chosen))
    if as_json:
        typer.echo(json.dumps([asdict(figure) for figure in figures], ensure_ascii=False))
    else:
        for figure in figures:
            mark = "ok " if figure.held else "NO "
            typer.echo(f"{mark}{figure.id:<34}{figure.value:<14.6g}{figure.unit:<9}{figure.what}")
    if not all(figure.held for figure in figures):
        raise typer.Exit(1)


@commands.command("matching")
def matching(
    data: Annotated[Path, typer.Option("--data", help="Folder with the sets.")],
    chosen: Annotated[list[str] | None, typer.Option("--set", help="Only these sets.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    candidates: Annotated[
        str, typer.Option(help="Who gets the full score: lexical (those found first) or all.")
    ] = "lexical",
    transductive: Annotated[
        bool, typer.Option("--transductive", help="Let the queries' texts into the statistics.")
    ] = False,
    baselines: Annotated[bool, typer.Option("--baselines", help="Measure jieba as well.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Write what later runs compare to.")] = False,
) -> None:
    """Measure the ranking of experts on every evaluation set of a folder."""
    from app.matching.ranking.evaluation.command import run
    from app.matching.ranking.evaluation.evaluate import How

    if candidates not in {"lexical", "all"}:
        raise typer.BadParameter("lexical or all", param_hint="--candidates")
    how = How(transductive, candidates == "all", baselines, keep=keep)
    run(data, chosen or [], how, as_json=as_json)
