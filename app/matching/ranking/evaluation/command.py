"""The command's face: what it prints."""

import json
from pathlib import Path

import typer

from app.matching.ranking.evaluation import report
from app.matching.ranking.evaluation.evaluate import How, measured
from app.matching.ranking.evaluation.sets import sets_in


def run(data: Path, chosen: list[str], how: How, *, as_json: bool) -> None:
    """Measure the sets of a folder and print what came out. Exits with 2 where there is none."""
    there = sets_in(data)
    wanted = chosen or there
    if unknown := [name for name in wanted if name not in there]:
        typer.echo(f"no such set in {data}: {', '.join(unknown)}; there are {there}", err=True)
        raise typer.Exit(2)
    if not wanted:
        typer.echo(f"no evaluation set in {data}", err=True)
        raise typer.Exit(2)
    found = {}
    for name in wanted:
        found[name] = measured(data, name, how)
        if not as_json:
            for line in report.lines(f"{name} ({found[name]['seconds']} s)", found[name]["rows"]):
                typer.echo(line)
    if as_json:
        typer.echo(json.dumps(found, indent=1))
