"""The `park` command. It wires and prints; every decision is made in the rooms it calls."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app import auditing, backups, measuring
from app.evidence.commands import commands as security

app = typer.Typer(
    help="Park: one network, two libraries, three ledgers for high-tech parks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
user = typer.Typer(help="Accounts: create, list, disable, reset.", no_args_is_help=True)
demo = typer.Typer(help="Fictitious demonstration data.")
app.add_typer(user, name="user")
app.add_typer(demo, name="demo")
app.add_typer(measuring.commands, name="eval")
app.add_typer(auditing.commands, name="audit")
app.add_typer(backups.commands, name="backup")
app.add_typer(security, name="security")
app.command("restore")(backups.restore)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
OPENAPI = Path("docs/openapi.json")


class Format(StrEnum):
    xlsx = "xlsx"
    csv = "csv"
    jsonl = "jsonl"


@app.command()
def serve(
    demo: Annotated[bool, typer.Option("--demo", help="Load and show fictitious data.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="Number of server processes.")] = None,
) -> None:
    """Start everything and serve until Ctrl-C."""
    from app.core.settings import get_settings
    from app.serving import serve as run

    given = {"HOST": host, "PORT": port, "WORKERS": workers, "DEMO": True if demo else None}
    for name, value in given.items():  # workers are processes of their own: they read these too
        if value is not None:
            os.environ[f"PARK_{name}"] = str(value)
    get_settings.cache_clear()
    run(get_settings())


@app.command()
def migrate(
    to: Annotated[str, typer.Option(help="Revision to bring the database to.")] = "head",
) -> None:
    """Bring the database to the revision of this program."""
    from app.core import migrate as migrations

    with _database():
        migrations.upgrade(to)
        typer.echo(f"The database is at {migrations.current() or 'no revision'}.")


@app.command("import")
def import_(
    register: Annotated[str, typer.Argument(help="Name of the register, as in the address.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="XLSX, XLS or CSV.")],
    username: Annotated[str, typer.Option("--user", help="Who imports: rights and trail.")],
    commit: Annotated[bool, typer.Option("--commit", help="Write the good rows.")] = False,
) -> None:
    """Check a workbook row by row; with --commit, write its good rows. Status 1: some were bad."""
    import app.registry  # noqa: F401 -- fills the directory of registers
    from app.registers.cli import import_file

    with _migrated():
        import_file(register, file, username, commit=commit)


@app.command()
def export(
    register: Annotated[str, typer.Argument(help="Name of the register, as in the address.")],
    username: Annotated[str, typer.Option("--user", help="Who exports: rights and trail.")],
    fmt: Annotated[Format, typer.Option("--format", help="Kind of file.")] = Format.xlsx,
    out: Annotated[
        Path | None, typer.Option("--out", help="File; REGISTER.FORMAT if not given.")
    ] = None,
) -> None:
    """Write what an account may see of a register to a file."""
    import app.registry  # noqa: F401 -- fills the directory of registers
    from app.registers.cli import export as write

    target = out or Path(f"{register}.{fmt}")
    with _migrated():
        write(register, fmt.value, username, target)
    typer.echo(str(target))


@user.command("create")
def user_create(
    username: str,
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[str, typer.Option(help="For example station_staff.")],
    organisation: Annotated[str, typer.Option(help="Code of the organisation.")],
) -> None:
    """Create an account and print its one-use set-up link."""
    from app.access.setup import create_account

    with _migrated(), _named_rightly():
        typer.echo(create_account(username, name, role, organisation))


@user.command("list")
def user_list(as_json: AsJson = False) -> None:
    """List accounts with their state and roles."""
    from app.desk.operator import list_accounts

    with _migrated():
        rows = list_accounts()
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for row in rows:
        typer.echo("  ".join(str(value) for value in row.values()))


@user.command("disable")
def user_disable(username: str) -> None:
    """Close an account; its sessions end at once."""
    from app.desk.operator import disable_account

    with _migrated(), _named_rightly():
        disable_account(username)
    typer.echo(f"{username} is disabled.")


@user.command("reset")
def user_reset(username: str) -> None:
    """Forget the password and print a one-use link for a new one."""
    from app.desk.operator import reset_account

    with _migrated(), _named_rightly():
        typer.echo(reset_account(username))


Scale = Annotated[int, typer.Option(min=1, max=1000, help="Times the ordinary size.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same data.")]


@demo.callback(invoke_without_command=True)
def demo_itself(context: typer.Context, scale: Scale = 1, seed: Seed = 1) -> None:
    """Load the demonstration data, when no other command is named."""
    if context.invoked_subcommand is None:
        demo_load(scale, seed)


@demo.command("load")
def demo_load(scale: Scale = 1, seed: Seed = 1) -> None:
    """Load the demonstration data."""
    import app.registry  # noqa: F401 -- the demo is written through the registers
    from app.core import migrate as migrations
    from app.demo.load import load

    with _database():
        migrations.upgrade()
        load(scale=scale, seed=seed)


@demo.command("accounts")
def demo_accounts(as_json: AsJson = False) -> None:
    """Print the demo accounts, at least one per role."""
    from app.demo.accounts import accounts

    with _migrated():
        rows = accounts()
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        typer.echo(
            f"{row['role']:<18} {row['username']:<22} {row['password']:<18} {row['organisation']}"
        )


@demo.command("clear")
def demo_clear() -> None:
    """Empty an installation that holds the demonstration data and nothing else."""
    import app.registry  # noqa: F401 -- its tables are those to be emptied
    from app.demo.load import clear

    with _migrated():
        clear()


@app.command()
def doctor(
    as_json: AsJson = False,
    lang: Annotated[str | None, typer.Option(help="zh-CN, zh-TW or en.")] = None,
) -> None:
    """Say in plain words what is wrong with this installation."""
    from app.audit.health import examine_trail
    from app.core.doctor import examine
    from app.core.findings import told
    from app.core.labels import preferred_locale

    locale = preferred_locale((lang or os.environ.get("LANG", "")).split(".")[0].replace("_", "-"))
    findings = [
        *examine(unwalled=frozenset({"organisation"})),  # the tree itself is no secret
        *examine_trail(),
    ]
    typer.echo(told(findings, locale, as_json=as_json))
    if any(finding.grade == "bad" for finding in findings):
        raise typer.Exit(1)


@app.command()
def openapi(
    check: Annotated[
        bool, typer.Option("--check", help="Fail if docs/openapi.json is old.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Renew docs/openapi.json.")] = False,
) -> None:
    """Print the description of the API, or compare it with the committed one."""
    from app.main import create_app

    text = json.dumps(create_app().openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if write:
        OPENAPI.write_text(text)
    elif not check:
        typer.echo(text, nl=False)
    elif not OPENAPI.is_file() or OPENAPI.read_text() != text:
        typer.echo(f"{OPENAPI} is out of date: run `make openapi` and commit it.", err=True)
        raise typer.Exit(1)


@app.command()
def stop(
    force: Annotated[bool, typer.Option("--force", help="Even while Park is running.")] = False,
) -> None:
    """Stop the embedded PostgreSQL that a killed program left behind."""
    from app.core.embedded_pg import EmbeddedPostgres
    from app.core.settings import get_settings

    server = EmbeddedPostgres(get_settings())
    if server.pid is None:
        typer.echo("The embedded PostgreSQL is not running.")
    elif server.in_use and not force:
        typer.echo("Park is running and needs it: stop that first, or use --force.", err=True)
        raise typer.Exit(1)
    else:
        server.stop()
        typer.echo("Stopped.")


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    typer.echo(installed("park-platform"))


def _database() -> AbstractContextManager[None]:
    from app.core.settings import get_settings
    from app.serving import database

    return database(get_settings())


def _migrated() -> AbstractContextManager[None]:
    from app.core.settings import get_settings
    from app.serving import migrated

    return migrated(get_settings())


@contextmanager
def _named_rightly() -> Iterator[None]:
    """An account, role or organisation that does not exist is the caller's slip, not a defect."""
    try:
        yield
    except LookupError as slip:
        typer.echo(f"There is none of that name: {slip.args[0] if slip.args else ''}", err=True)
    except ValueError as slip:
        typer.echo(f"Taken, or not a role: {slip}", err=True)
    else:
        return
    raise typer.Exit(1)


def _sentence(error: Exception) -> str | None:
    """What an operator can mend, in one sentence; None for a defect of ours."""
    from psycopg import OperationalError
    from sqlalchemy.exc import OperationalError as AlchemyOperationalError

    from app.core.settings import InstallationError

    if isinstance(error, InstallationError):
        return str(error)
    if isinstance(error, OperationalError | AlchemyOperationalError):
        return f"The database does not answer: {error.__cause__ or error}\nAsk `park doctor`."
    return None


def main() -> None:
    """Run the command; a traceback is only for defects."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        typer.echo(sentence, err=True)
        sys.exit(1)
