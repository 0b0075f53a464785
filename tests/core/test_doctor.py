"""`park doctor` finds a planted fault, says what to do, and is content otherwise."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from app.core import database_checks, doctor
from app.core.database_roles import conninfo, login_url
from app.core.embedded_pg import EmbeddedPostgres
from app.core.findings import Finding, told
from app.core.labels import LOCALES, T
from app.core.settings import Settings, get_settings

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def owner(database: str) -> Iterator[Connection]:
    with psycopg.connect(conninfo(make_url(database)), autocommit=True) as connection:
        yield connection


@pytest.fixture
def superuser(postgres: EmbeddedPostgres) -> Iterator[Connection]:
    address = postgres.owner_url().set(username="postgres")
    with psycopg.connect(conninfo(address), autocommit=True) as connection:
        yield connection


def grades(findings: list[Finding]) -> dict[str, str]:
    return {finding.check: finding.grade for finding in findings}


def database_grades(settings: Settings | None = None) -> dict[str, str]:
    unwalled = frozenset({"organisation"})
    return grades(list(database_checks.examine_database(settings or get_settings(), unwalled)))


@pytest.mark.usefixtures("database")
def test_a_sound_database_is_found_sound() -> None:
    found = database_grades()
    for check in ("database", "migrations", "roles", "row_security", "data_checksums", "clock"):
        assert found[check] == "ok", check


@pytest.mark.usefixtures("database")
def test_settings_that_lose_data_are_found() -> None:
    found = database_grades()  # the cluster of the tests runs without them
    assert found["fsync"] == found["full_page_writes"] == found["synchronous_commit"] == "bad"


def test_a_table_without_row_security_is_found(owner: Connection) -> None:
    owner.execute("create table planted (node_id int)")
    assert database_grades()["row_security"] == "bad"
    owner.execute("alter table planted enable row level security, force row level security")
    owner.execute("create policy all_of_it on planted using (true)")
    assert database_grades()["row_security"] == "ok"


def test_a_view_that_goes_around_row_security_is_found(owner: Connection) -> None:
    owner.execute("create view planted as select 1 as one")
    assert database_grades()["row_security"] == "bad"
    owner.execute("alter view planted set (security_invoker = true)")
    assert database_grades()["row_security"] == "ok"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("fault", ["superuser", "bypassrls", "createrole"])
def test_a_login_role_that_may_too_much_is_found(superuser: Connection, fault: str) -> None:
    superuser.execute(f"alter role park_party {fault}")
    try:
        assert database_grades()["roles"] == "bad"
    finally:
        superuser.execute(f"alter role park_party no{fault}")
    assert database_grades()["roles"] == "ok"


def test_a_database_that_is_behind_is_found(owner: Connection) -> None:
    owner.execute("update alembic_version set version_num = 'older'")
    assert database_grades()["migrations"] == "bad"


def test_a_database_out_of_reach_is_one_finding() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"postgresql://x:y@127.0.0.1:{nobody.getsockname()[1]}/park"
        assert database_grades(Settings(database_url=address)) == {"database": "bad"}


@pytest.mark.usefixtures("database")
def test_the_password_of_the_database_is_never_shown() -> None:
    password = login_url("staff").password
    findings = database_checks.examine_database(get_settings(), frozenset())
    assert str(password) not in told(list(findings), "en", as_json=True)


def test_an_installation_before_its_first_start_is_not_called_broken(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "none", database_url=None)
    findings = [
        *doctor.home_folder(settings),
        doctor.secret_key(settings),
        *database_checks.examine_database(settings, frozenset()),
    ]
    assert set(grades(findings).values()) == {"warn"}


def test_a_readable_key_is_found(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", secret_key=None)
    settings.secret()
    assert doctor.secret_key(settings).grade == "ok"
    settings.secret_key_file.chmod(0o644)
    assert doctor.secret_key(settings).grade == "bad"


def test_a_folder_others_may_read_is_found(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert grades(list(doctor.home_folder(Settings(home=tmp_path))))["home_mode"] == "bad"


def test_a_port_somebody_else_uses_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        other.settimeout(0.1)
        free = doctor.port(Settings(port=number))
    assert free.grade == "bad"
    assert doctor.port(Settings(port=number)).grade == "ok"


@pytest.mark.parametrize("locale", LOCALES)
def test_it_speaks_the_three_languages(locale: str) -> None:
    finding = Finding("x", "bad", T("坏了:{what}", "Broken: {what}"), T("修", "Mend"), {"what": 7})
    text = told([finding], locale, as_json=False)
    assert "7" in text
    assert "{" not in text
    rows = json.loads(told([finding], locale, as_json=True))
    assert rows[0]["grade"] == "bad"
    assert rows[0]["advice"]


@pytest.mark.parametrize("check", [doctor.python_version, doctor.time_zones, doctor.chromium])
def test_checks_of_the_machine_pass_here(check: object) -> None:
    assert callable(check)
    assert check().grade == "ok"


@pytest.mark.parametrize(
    ("given", "grade"),
    [
        ({}, "ok"),
        ({"smtp_url": "mail.example.cn"}, "bad"),
        ({"smtp_url": "smtp://mail.example.cn"}, "warn"),
        ({"smtp_url": "smtp://mail.example.cn", "public_url": "https://park.example.cn"}, "ok"),
    ],
)
def test_mail_that_cannot_work_is_found(given: dict[str, str], grade: str) -> None:
    found = doctor.mail_server(Settings(**given))  # type: ignore[arg-type]
    assert found.grade == grade
    assert "mail.example.cn" not in str(found.shown("en")) or grade != "bad"
