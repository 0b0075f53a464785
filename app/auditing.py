"""`park audit …`: sealing, checking, exporting and anchoring the trail at the machine."""

import json
import sys
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

commands = typer.Typer(help="The trail: check, export, anchor, retire.", no_args_is_help=True)

Heads = Annotated[list[Path] | None, typer.Option("--anchor", help="Heads kept elsewhere.")]
Keys = Annotated[list[str] | None, typer.Option("--key", help="Older keys that are known.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
_SHOWN = 20  # faults


@commands.command("verify")
def verify(
    file: Annotated[Path | None, typer.Argument(exists=True, help="An export; else here.")] = None,
    anchors: Heads = None,
    keys: Keys = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Check every entry against its seal, every seal against the chain, keys and heads kept."""
    from app.audit.verifying import verify_file, verify_here

    if file is not None:
        report = verify_file(file, anchors or [], keys or [])
    else:
        with _migrated():
            report = verify_here(anchors or [], keys or [])
    _tell(report, as_json=as_json)
    if not report.sound:
        raise typer.Exit(1)


def _tell(report: Any, *, as_json: bool) -> None:
    from dataclasses import asdict

    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1))
        return
    typer.echo(
        f"{report.seals} seals, {report.entries} entries ({report.hidden} as leaves only,"
        f" {report.waiting} not sealed yet, {report.late} told of another hour than their seal),"
        f" {report.retired} seals in archives; sealed until {report.sealed_until or '-'}"
    )
    for fault in report.faults[:_SHOWN]:
        typer.echo(f"✗ seal {fault.no}: {fault.kind}: {fault.what}")
    more = len(report.faults) - _SHOWN
    typer.echo(f"… and {more} more" if more > 0 else "" if report.faults else "✓ all as sealed")


@commands.command("export")
def export(
    out: Annotated[Path, typer.Option("--out", help="File; .gz packs it.")],
    since: Annotated[
        datetime | None, typer.Option(help="Seals from this instant on (UTC).")
    ] = None,
    until: Annotated[datetime | None, typer.Option(help="Seals up to this instant (UTC).")] = None,
) -> None:
    """Write the trail with its seals to a file that tools/verify_trail.py checks anywhere."""
    from datetime import UTC

    from app.audit.bundles import Wanted
    from app.audit.verifying import export_here

    wanted = Wanted(since and since.replace(tzinfo=UTC), until and until.replace(tzinfo=UTC))
    with _migrated():
        size = export_here(out, wanted)
    typer.echo(f"{out}: {size} bytes")


@commands.command("seal")
def seal() -> None:
    """Seal what is not sealed yet, where no server runs that does it each second."""
    from app.audit.sealer import connected
    from app.audit.sealing import seal_all, trail_signer

    with _migrated(), connected() as connection:
        typer.echo(f"{seal_all(connection, trail_signer())} seals made")


@commands.command("head")
def head() -> None:
    """Print the newest seal, signed: to be kept by another node, or on paper."""
    from app.audit import bundles
    from app.audit.leaves import canonical
    from app.audit.sealer import connected

    with _migrated(), connected() as connection:
        found = bundles.head(connection)
    if found is None:
        typer.echo("Nothing is sealed yet.", err=True)
        raise typer.Exit(1)
    typer.echo(canonical(found).decode())


@commands.command("keep")
def keep(
    file: Annotated[Path, typer.Argument(help="A head (`park audit head`); - reads it here.")],
    origin: Annotated[str, typer.Option("--from", help="Whose it is.")],
    trust: Annotated[str | None, typer.Option(help="Their new key, once compared.")] = None,
) -> None:
    """Check the head of another node's trail and keep it."""
    from app.audit.anchors import receive
    from app.audit.operators import owner

    text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    try:
        given = [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        raise typer.BadParameter("not a head of a trail", param_hint="FILE") from None
    with _migrated(), owner() as connection:
        for each in given:
            told = receive(connection, origin, each, trust)
            typer.echo(f"{origin}: seal {told['no']} of {told['sealed_at']} is kept")


@commands.command("kept")
def kept(origin: Annotated[str, typer.Argument(help="Whose heads.")]) -> None:
    """Print the heads kept for another node, for its auditor to verify with."""
    from app.audit import anchors
    from app.audit.leaves import canonical
    from app.audit.operators import owner

    with _migrated(), owner() as connection:
        for each in anchors.kept(connection, origin):
            typer.echo(canonical(each).decode())


@commands.command("retire")
def retire(
    month: Annotated[str, typer.Argument(help="Like 202601.")],
    archive: Annotated[Path, typer.Option("--archive", exists=True, help="An export of it.")],
) -> None:
    """Drop a month older than six months, sealed, and wholly in a sound archive."""
    from app.audit.operators import owner
    from app.audit.retiring import retire as drop
    from app.audit.sealing import trail_signer

    with _migrated(), owner() as connection:
        told = drop(connection, month, archive, trail_signer())
    typer.echo(f"{month}: {told['entries']} entries are in {archive} alone ({told['sha256']})")


def _migrated() -> AbstractContextManager[None]:
    from app.core.settings import get_settings
    from app.serving import migrated

    return migrated(get_settings())
