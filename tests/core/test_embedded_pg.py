"""The embedded PostgreSQL: started once, found again, stopped by the last, losing nothing."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.core import embedded_pg, postgres_binaries
from app.core.database_roles import conninfo
from app.core.embedded_pg import EmbeddedPostgres
from app.core.postgres_binaries import EmbeddedPostgresError, find_binaries
from app.core.postgres_cluster import SOCKET_PATH_LIMIT
from app.core.settings import Settings

pytestmark = pytest.mark.slow

START = """
import sys, time
from pathlib import Path
from app.core.embedded_pg import EmbeddedPostgres
from app.core.settings import Settings
server = EmbeddedPostgres(Settings(home=Path(sys.argv[1])))
server.start()
print(server.pid, flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cluster for the module: making it takes longer than everything done to it."""
    return tmp_path_factory.mktemp("embedded") / "home"


@pytest.fixture(autouse=True)
def _as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the tests' own cluster is told: it trades safety for speed."""
    for name in [name for name in os.environ if name.startswith("PARK_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(Settings(home=home))
    with server.running():
        yield server
    server.stop()


def connect(server: EmbeddedPostgres) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(conninfo(server.owner_url()), autocommit=True)


def setting(server: EmbeddedPostgres, name: str) -> object:
    with connect(server) as connection:
        row = connection.execute("select current_setting(%s)", [name]).fetchone()
    assert row
    return row[0]


def test_it_keeps_what_it_is_given(server: EmbeddedPostgres) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert setting(server, name) == "on"
    assert setting(server, "password_encryption") == "scram-sha-256"
    assert setting(server, "listen_addresses") == ""


def test_nobody_comes_in_without_the_password(server: EmbeddedPostgres) -> None:
    address = server.owner_url().set(password="wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(conninfo(address))


def test_its_owner_is_no_superuser(server: EmbeddedPostgres) -> None:
    with connect(server) as connection:
        row = connection.execute("select rolsuper from pg_roles where rolname = user").fetchone()
    assert row == (False,)


def test_a_second_start_finds_it(server: EmbeddedPostgres, home: Path) -> None:
    other = EmbeddedPostgres(Settings(home=home))
    before = time.monotonic()
    other.start()
    assert time.monotonic() - before < 0.5
    assert other.pid == server.pid
    assert not other.release()
    assert server.pid is not None


def test_the_last_to_leave_stops_it(home: Path) -> None:
    first, second = (EmbeddedPostgres(Settings(home=home)) for _ in range(2))
    first.start()
    second.start()
    assert not first.release()
    assert second.ready
    assert second.release()
    assert first.pid is None
    first.stop()  # nothing left to stop


def test_two_starters_make_one_server(home: Path) -> None:
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", START, str(home), "1"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    pids = {starter.communicate(timeout=30)[0].strip() for starter in starters}
    assert len(pids) == 1
    assert "" not in pids
    EmbeddedPostgres(Settings(home=home)).stop()


def test_it_outlives_an_application_that_is_killed(home: Path) -> None:
    application = subprocess.Popen(
        [sys.executable, "-c", START, str(home), "60"], stdout=subprocess.PIPE, text=True
    )
    assert application.stdout
    pid = int(application.stdout.readline())
    application.kill()
    application.communicate()
    server = EmbeddedPostgres(Settings(home=home))
    assert server.pid == pid
    server.start()
    assert server.pid == pid
    assert server.release()  # and the next to leave still stops it


def test_a_killed_server_loses_nothing_it_acknowledged(server: EmbeddedPostgres) -> None:
    acknowledged: list[int] = []
    with connect(server) as connection:
        connection.execute("create table if not exists written (number int)")
        connection.execute("truncate written")

    def write() -> None:
        with connect(server) as connection:
            for number in range(1_000_000):
                try:
                    connection.execute("insert into written values (%s)", [number])
                except psycopg.OperationalError:
                    return
                acknowledged.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.5)
    killed = server.pid
    assert killed
    os.kill(killed, signal.SIGKILL)
    while server.ready:  # the kernel takes a moment
        time.sleep(0.005)
    server.start()
    writer.join()
    assert server.pid not in {None, killed}
    with connect(server) as connection:
        kept = {row[0] for row in connection.execute("select number from written")}
    assert len(acknowledged) > 10
    assert kept >= set(acknowledged)


def test_a_pid_file_that_names_another_process_is_not_believed(home: Path) -> None:
    server = EmbeddedPostgres(Settings(home=home))
    with server.running():
        remembered = (server.cluster.data / "postmaster.pid").read_text().splitlines()
    remembered[0] = str(os.getpid())
    (server.cluster.data / "postmaster.pid").write_text("\n".join(remembered) + "\n")
    assert server.pid is None
    with server.running():
        assert server.ready


def test_a_half_made_cluster_is_made_again(tmp_path: Path) -> None:
    draft = tmp_path / "home" / "postgres" / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(Settings(home=tmp_path / "home")).running() as server:
        assert setting(server, "data_checksums") == "on"


def test_a_deep_home_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    with EmbeddedPostgres(Settings(home=deep)).running() as server:
        assert len(str(server.cluster.sockets)) <= SOCKET_PATH_LIMIT
        assert setting(server, "fsync") == "on"
    server.cluster.sockets.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it as somebody else")
def test_programs_nobody_can_reach_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = find_binaries()[1].parent.parent
    hidden = tmp_path / "hidden" / "site-packages"
    shutil.copytree(installed, hidden / installed.name, symlinks=True)
    libraries = installed.with_name(f"{installed.name}.libs")
    shutil.copytree(libraries, hidden / libraries.name)
    hidden.parent.chmod(0o700)
    binaries = hidden / installed.name / find_binaries()[1].parent.name / "bin"
    monkeypatch.setattr(embedded_pg, "find_binaries", lambda _major: (18, binaries))
    with EmbeddedPostgres(Settings(home=tmp_path / "home")).running() as server:
        assert setting(server, "fsync") == "on"
    with EmbeddedPostgres(Settings(home=tmp_path / "home")).running() as server:
        assert server.ready


def test_a_machine_without_the_binaries_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres_binaries, "WHEEL", "no_such_wheel")
    with pytest.raises(EmbeddedPostgresError, match="PARK_DATABASE_URL"):
        find_binaries()


def test_data_of_an_unknown_version_is_left_alone() -> None:
    with pytest.raises(EmbeddedPostgresError, match="PostgreSQL 9"):
        find_binaries(9)
