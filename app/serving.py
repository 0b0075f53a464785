"""`park serve`: the database, the migrations, the demo, the workers, and an orderly end."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import typer

from app.core.settings import InstallationError, Settings

if TYPE_CHECKING:
    from app.core.embedded_pg import EmbeddedPostgres

WATCH_SECONDS = 0.2
DRAIN_SECONDS = 10
PARENT = "PARK_SUPERVISOR_PID"


def serve(settings: Settings) -> None:
    """Run until told to stop; leave nothing behind that was started here."""
    _refuse_taken_port(settings)
    signal.signal(signal.SIGTERM, _leave)
    with ExitStack() as stack:
        stack.enter_context(database(settings, watch=True))
        _prepare(settings)
        _announce(settings)
        _run_workers(settings)


@contextmanager
def database(settings: Settings, *, watch: bool = False) -> Iterator[None]:
    """Hold on to the embedded PostgreSQL when there is no server to use; `watch` revives it."""
    if settings.database_url is not None:
        yield
        return
    from app.core.embedded_pg import EmbeddedPostgres

    server = EmbeddedPostgres(settings)
    with server.running():
        if not watch:
            yield
            return
        with _watching(server):
            yield


@contextmanager
def migrated(settings: Settings) -> Iterator[None]:
    """The database, when it is at the revision of this program; otherwise say how it gets there.

    Raises InstallationError.
    """
    from app.core import migrate

    with database(settings):
        if not migrate.is_current():
            raise InstallationError(
                "The database is not at the revision of this program: run `park migrate`."
            )
        yield


def build_app() -> object:
    """What every worker runs: the application, and an eye on the process that started it."""
    from app.main import create_app

    parent = int(os.environ.get(PARENT, "0"))
    if parent and parent != os.getpid():
        threading.Thread(target=_die_with, args=[parent], daemon=True).start()
    return create_app()


def _prepare(settings: Settings) -> None:
    import sqlalchemy as sa

    from app.core import migrate
    from app.core.database_roles import owner_url

    migrate.upgrade()
    if not settings.demo:
        return
    engine = sa.create_engine(owner_url(settings), poolclass=sa.NullPool)
    with engine.connect() as connection:
        empty = connection.scalar(sa.text("select not exists (select from account)"))
    if empty:
        import app.registry  # noqa: F401 -- the demo is written through the registers
        from app.demo.load import load

        typer.echo("Loading the demo: fictitious parks, enterprises, experts and needs …")
        load(scale=1, seed=1)


def _announce(settings: Settings) -> None:
    if settings.demo:
        from app.demo.accounts import accounts

        typer.echo("\nDemo accounts (fictitious; never use --demo for real data):")
        for account in accounts():
            typer.echo(
                f"  {account['role']:<18} {account['username']:<22} {account['password']:<18} "
                f"{account['organisation']}"
            )
        if not settings.second_factor_required:
            typer.echo("Second factors are off here (PARK_SECOND_FACTOR=required turns them on).")
    else:
        from app.access.setup import first_link

        if link := first_link():
            typer.echo(f"\nNo account yet. Make the first administrator here, once:\n  {link}")
    typer.echo(f"\nPark is at {settings.address}  (stop with Ctrl-C)\n")


def _run_workers(settings: Settings) -> None:
    import uvicorn

    os.environ[PARENT] = str(os.getpid())
    uvicorn.run(
        "app.serving:build_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_config=None,
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        proxy_headers=settings.trusted_proxies is not None,
        forwarded_allow_ips=settings.trusted_proxies,
    )


def _refuse_taken_port(settings: Settings) -> None:
    """Say it before the database is touched, in words rather than a traceback."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as refusal:
            typer.echo(
                f"Cannot listen on {settings.host}:{settings.port} ({refusal.strerror}). "
                "Is Park running already? Otherwise choose another port with PARK_PORT.",
                err=True,
            )
            raise typer.Exit(1) from None


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Unwind the blocks above; uvicorn raises the signal again once its workers have drained."""
    raise SystemExit(0)


@contextmanager
def _watching(server: "EmbeddedPostgres") -> Iterator[None]:
    over = threading.Event()

    def watch() -> None:
        while not over.wait(WATCH_SECONDS):
            if not server.ready:
                _revive(server)

    thread = threading.Thread(target=watch, name="postgres-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _revive(server: "EmbeddedPostgres") -> None:
    typer.echo("PostgreSQL is gone; starting it again.", err=True)
    try:
        server.start()
    except (InstallationError, OSError) as error:
        typer.echo(f"It does not start: {error}", err=True)
        time.sleep(1)


def _die_with(parent: int) -> None:
    """A worker whose supervisor was killed would keep the port and serve unsupervised."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
