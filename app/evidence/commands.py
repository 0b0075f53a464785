"""`park security`: what an assessor is given. Only wiring, like `park`."""

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(help="Evidence of security for assessors.", no_args_is_help=True)


@commands.callback()
def security() -> None:
    """Group what an assessor is given."""


@commands.command("evidence")
def evidence(
    out: Annotated[Path, typer.Option("--out", help="File to write.")] = Path("evidence.html"),
) -> None:
    """Write the pack: each requirement with its answer, evidence and figure, to print to PDF."""
    from collections import Counter

    from app.core.clock import today
    from app.evidence import lists, pack

    out.write_text(pack.html(today()), "utf-8")
    for name in lists.NAMES:
        counts = Counter(entry.status.value for entry in lists.read(name).values())
        told = ", ".join(f"{counts[status.value]} {status.value}" for status in pack.STATUS)
        typer.echo(f"{name}: {told}")
    typer.echo(str(out))
