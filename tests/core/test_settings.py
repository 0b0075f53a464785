"""What an installation decides about itself, and what is decided for it."""

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.core.settings import InstallationError, Settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PARK_")]:
        monkeypatch.delenv(name)


def test_nothing_needs_to_be_configured() -> None:
    settings = Settings()
    assert settings.database_url is None
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert not settings.demo
    assert settings.home.name == "park"


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARK_HOME", str(tmp_path))
    monkeypatch.setenv("PARK_PORT", "9001")
    monkeypatch.setenv("PARK_PUBLIC_URL", "https://park.example/")
    settings = Settings()
    assert settings.home == tmp_path
    assert settings.port == 9001
    assert settings.address == "https://park.example"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_database_address_is_taken_as_databases_hand_it_out(scheme: str) -> None:
    settings = Settings(database_url=f"{scheme}://owner:secret@db.example/park")
    assert settings.database_url == "postgresql+psycopg://owner:secret@db.example/park"


def test_several_servers_are_taken_as_libpq_writes_them() -> None:
    settings = Settings(
        database_url="postgresql://owner:s%40cret@a.example:5433,[::1]:5434/park?sslmode=require"
    )
    address = make_url(str(settings.database_url))
    _, given = address.get_dialect()().create_connect_args(address)
    assert given["host"] == "a.example,::1"
    assert given["port"] == "5433,5434"
    assert (given["password"], given["sslmode"]) == ("s@cret", "require")


def test_an_empty_variable_is_an_absent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARK_DATABASE_URL", "")
    monkeypatch.setenv("PARK_SECRET_KEY", " ")
    settings = Settings()
    assert settings.database_url is None
    assert settings.secret_key is None


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "new")
    secret = settings.secret()
    assert len(secret) == 32
    assert Settings(home=tmp_path / "new").secret() == secret
    assert stat.S_IMODE(settings.secret_key_file.stat().st_mode) == 0o600
    assert [file.name for file in settings.home.iterdir()] == ["secret.key"]


def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARK_SECRET_KEY", "too short")
    with pytest.raises(InstallationError, match="32"):
        Settings().secret()


def test_the_secret_does_not_show_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARK_SECRET_KEY", "x" * 40)
    assert "xxx" not in repr(Settings())


def test_an_address_for_everybody_is_shown_as_one_that_a_browser_takes() -> None:
    assert Settings(host="0.0.0.0").address == "http://localhost:8000"  # noqa: S104
