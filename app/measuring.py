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
