"""`park backup`, `park backup verify` and `park restore`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Any

import typer

commands = typer.Typer(help="One archive of everything; the proof that it restores.")

Archive = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An archive.")]


@commands.callback(invoke_without_command=True)
def backup(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", help="File; park-TIME.tar if not given; - is a pipe.")
    ] = None,
) -> None:
    """Write database and files to one archive, while Park runs. The key is not in it."""
    if context.invoked_subcommand is not None:
        return
    from app.core.backup.making import make
    from app.core.settings import get_settings
    from app.serving import migrated

    settings = get_settings()
    name = out or Path(f"park-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar")
    with migrated(settings), _written(name) as target:
        manifest = make(settings, target, _on_the_trail(name.name))
    rows = sum(d.rows for n, d in manifest.contents.items() if not n.startswith("("))
    typer.echo(
        f"{name}: {rows} rows, {len(manifest.stored) - 1} files. Keep secret.key apart from it;"
        " without it personal data cannot be read. Try it: park backup verify FILE",
        err=True,
    )
    for damaged in manifest.damaged:
        typer.echo(f"✗ {damaged} is not what it was when it was stored", err=True)
    if manifest.damaged:
        raise typer.Exit(1)


def _on_the_trail(name: str) -> dict[str, Any]:
    """Note that everything was copied, and return the head of the trail at that moment."""
    from app.audit import bundles
    from app.audit.operators import note, owner

    with owner() as connection:
        note(connection, "backup.make", name)
        return {"trail": bundles.head(connection)}


@contextmanager
def _written(file: Path) -> Iterator[IO[bytes]]:
    """Open the archive for writing: it gets its name when it is whole, and nobody else reads it."""
    if str(file) == "-":
        yield sys.stdout.buffer
        return
    draft = file.with_name(f".{file.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)


@commands.command("verify")
def verify(file: Archive) -> None:
    """Restore an archive into a throw-away PostgreSQL, compare everything, remove it again."""
    from app.core.backup.drill import rehearse
    from app.core.settings import get_settings

    drill = rehearse(file, get_settings().pg_user)
    tables = sum(not name.startswith("(") for name in drill.manifest.contents)
    typer.echo(
        f"{file}: made {drill.manifest.made_at}, {tables} tables, {len(drill.manifest.stored) - 1}"
        f" files, restored and compared in {drill.seconds:.1f} s"
    )
    _tell([*drill.tables, *drill.files])


def restore(
    file: Archive,
    any_key: Annotated[  # noqa: FBT002 -- a switch of the command
        bool, typer.Option("--any-key", help="Even without the key: sealed values stay sealed.")
    ] = False,
) -> None:
    """Restore an archive into an empty PARK_HOME or an empty database, and compare everything."""
    from app.audit.operators import note, owner
    from app.core.backup import restoring
    from app.core.settings import get_settings
    from app.serving import database

    settings = get_settings()
    with database(settings):
        manifest, wrong = restoring.restore(settings, file, any_key=any_key)
        with owner() as connection:
            note(connection, "backup.restore", file.name, made_at=manifest.made_at)
    typer.echo(f"{file} of {manifest.made_at} is restored into {settings.home}.")
    _tell(wrong)
    typer.echo("Next: park doctor, then park serve.")


def _tell(wrong: list[str]) -> None:
    for name in wrong:
        typer.echo(f"✗ {name} differs from the archive", err=True)
    if wrong:
        raise typer.Exit(1)
    typer.echo("✓ every table, every wall and every file is as it was")
