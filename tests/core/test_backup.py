"""Backup and restore: what comes back is what was there, to the byte, or nothing comes back."""

import io
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from app.core import files
from app.core.backup.contents import contents, differing, prepare
from app.core.backup.drill import rehearse
from app.core.backup.making import make
from app.core.backup.manifest import BadArchive, Manifest
from app.core.backup.restoring import compared, continue_counting, restore
from app.core.database_roles import conninfo, login_url
from app.core.embedded_pg import EmbeddedPostgres
from app.core.postgres_cluster import SUPERUSER
from app.core.settings import InstallationError, Settings, get_settings

pytestmark = pytest.mark.slow


@pytest.fixture
def made(database: str, tmp_path: Path) -> tuple[Path, Manifest, str]:
    """An archive of a database with some rows, and of two files."""
    with psycopg.connect(conninfo(make_url(database)), autocommit=True) as owner:
        for n in range(5):
            owner.execute(
                "INSERT INTO audit_entry (id, at, username, account_name, organisation_name,"
                " node_id, verb, register_name, record_label, outcome, ip, request_id)"
                " VALUES (gen_random_uuid(), now(), %s, '', '', 1, 'v', '', E'行\\n', 'done', '',"
                " '')",
                (str(n),),
            )
    for content in (b"one", b"two" * 100_000):
        files.store(content)
    file = tmp_path / "a.tar"
    with file.open("wb") as target:
        manifest = make(get_settings(), target, {"trail": None})
    return file, manifest, database


def test_what_is_restored_is_what_was_there(
    made: tuple[Path, Manifest, str], postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    file, manifest, database = made
    assert manifest.damaged == []
    assert sum(name.startswith("files/") for name in manifest.stored) >= 2
    target = _empty(postgres, database, tmp_path / "home", same_key=True)
    _, wrong = restore(target, file, any_key=True)
    assert wrong == []
    staff = psycopg.connect(conninfo(login_url("staff", target)))
    with staff, pytest.raises(psycopg.errors.InsufficientPrivilege):
        staff.execute("SELECT * FROM audit_entry")
    with psycopg.connect(_address(target), autocommit=True) as owner:
        assert owner.execute("SELECT count(*) FROM audit_entry").fetchall() == [(5,)]
        _each_change_is_noticed(owner, target, manifest)
    with pytest.raises(InstallationError, match="not empty"):
        restore(target, file, any_key=True)


def _each_change_is_noticed(
    owner: "psycopg.Connection[tuple[object, ...]]", target: Settings, manifest: Manifest
) -> None:
    changes = {
        "(policies)": "DROP POLICY staff_insert ON audit_entry",
        "(row security)": "ALTER TABLE audit_entry NO FORCE ROW LEVEL SECURITY",
        "(rights)": "GRANT SELECT ON audit_entry TO park_staff",
        "(triggers)": "DROP TRIGGER stands ON trail_seal",
        "(functions)": "CREATE OR REPLACE FUNCTION park_fence() RETURNS bigint LANGUAGE sql"
        " STABLE AS 'SELECT 1::bigint'",
        "(indexes)": "DROP INDEX ix_attachment_record_id",
        "(columns)": "ALTER TABLE attachment ALTER COLUMN name SET DEFAULT 'x'",
        "(constraints)": "ALTER TABLE trail_seal DROP CONSTRAINT uq_trail_seal_previous",
        "(sequences)": "SELECT setval('change_entry_seq_seq', 77)",
        "public.workday": "DELETE FROM workday WHERE day = (SELECT min(day) FROM workday)",
    }
    for part, change in changes.items():
        with owner.transaction(force_rollback=True):
            owner.execute(change.encode())
            prepare(owner)
            assert part in differing(manifest.contents, contents(owner)), part
    owner.execute("RESET search_path")
    stored = next(name for name in manifest.stored if name.startswith("files/"))
    (target.home / stored).write_bytes(b"another")
    assert stored in compared(owner, target.home, manifest)


def test_transaction_numbers_go_on_above_those_restored(database: str) -> None:
    with psycopg.connect(conninfo(make_url(database)), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO trail_seal VALUES (1, 0, 900000000, 0, '', '', '', now(), 'k', 'a', '')"
        )
        assert continue_counting(owner) > 0
        ((number, fence),) = owner.execute("SELECT park_xid(), park_fence()").fetchall()
        assert number > 900_000_000
        assert fence > 900_000_000
        assert continue_counting(owner) >= 0  # repeatable


def test_a_spoilt_archive_changes_nothing(
    made: tuple[Path, Manifest, str], postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    whole, _, database = made
    target = _empty(postgres, database, tmp_path / "home")
    for spoil in _SPOILERS.values():
        file = tmp_path / "spoilt.tar"
        shutil.copy(whole, file)
        spoil(file)
        with pytest.raises(BadArchive):
            restore(target, file, any_key=True)
    with psycopg.connect(_address(target)) as owner:
        assert owner.execute("SELECT to_regclass('account')").fetchall() == [(None,)]
    assert not (target.home / "files").exists()
    assert list(target.home.iterdir()) == []


def _rebuilt(file: Path, keep: Callable[[str], bool], *added: tuple[str, bytes]) -> None:
    members: list[tuple[tarfile.TarInfo, bytes]] = []
    with tarfile.open(file) as tar:
        for member in tar:
            source = tar.extractfile(member)
            assert source
            if keep(member.name):
                members.append((member, source.read()))
    for name, content in added:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        members.append((info, content))
    with tarfile.open(file, "w") as tar:
        for member, content in members:
            tar.addfile(member, io.BytesIO(content))


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


_SPOILERS: dict[str, Callable[[Path], None]] = {
    "byte": _flip,
    "cut": lambda file: os.truncate(file, file.stat().st_size // 2),
    "missing": lambda file: _rebuilt(file, lambda name: not name.startswith("files/")),
    "added": lambda file: _rebuilt(file, lambda _: True, ("files/aa/bb/" + "a" * 64, b"x")),
    "climbing": lambda file: _rebuilt(file, lambda _: True, ("files/../secret.key", b"x")),
    "other": lambda file: os.truncate(file, 0),
}


def test_another_key_or_other_roles_are_refused(
    made: tuple[Path, Manifest, str], postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    file, _, database = made
    target = _empty(postgres, database, tmp_path / "home")
    with pytest.raises(InstallationError, match=r"secret\.key"):
        restore(target.model_copy(update={"secret_key": None}), file)
    with pytest.raises(InstallationError, match="PARK_ROLE_SUFFIX"):
        restore(target.model_copy(update={"role_suffix": "x"}), file, any_key=True)


def test_the_drill_restores_into_a_cluster_of_its_own(made: tuple[Path, Manifest, str]) -> None:
    file, manifest, _ = made
    drill = rehearse(file, get_settings().pg_user)
    assert drill.good
    assert drill.manifest == manifest


def test_a_file_that_rotted_is_told(database: str, tmp_path: Path) -> None:
    digest = files.store(b"to rot")
    files.path_of(digest).write_bytes(b"rotten")
    try:
        manifest = make(get_settings(), io.BytesIO())
        assert [Path(name).name for name in manifest.damaged] == [digest]
    finally:
        files.path_of(digest).unlink()


def _empty(
    server: EmbeddedPostgres, database: str, home: Path, *, same_key: bool = False
) -> Settings:
    """An installation with nothing in it, on the server of the tests.

    ``same_key``: the passwords of the login roles, which belong to the server, stay as they are.
    """
    name = f"{make_url(database).database}_restored"
    address = server.owner_url().set(username=SUPERUSER, database="postgres")
    with psycopg.connect(conninfo(address), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"CREATE DATABASE {name} OWNER park_owner TEMPLATE template0".encode())
    if same_key:
        home.mkdir()
        (home / "secret.key").write_bytes(get_settings().secret())
    url = make_url(database).set(database=name).render_as_string(hide_password=False)
    return get_settings().model_copy(update={"database_url": url, "home": home})


def _address(settings: Settings) -> str:
    return conninfo(make_url(settings.database_url or ""))
