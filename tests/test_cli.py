"""The `park` command as an operator meets it: help, versions, refusals in one sentence."""

import os
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.core.settings import get_settings

PARK = str(Path(sys.executable).with_name("park"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARK_HOME", str(tmp_path))
    monkeypatch.delenv("PARK_DATABASE_URL", raising=False)
    get_settings.cache_clear()
    return tmp_path


def park(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PARK, *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_names_every_command() -> None:
    said = CliRunner().invoke(app, ["--help"]).output
    for command in ("serve", "migrate", "import", "export", "user", "demo", "doctor", "openapi"):
        assert command in said


@pytest.mark.slow
def test_it_is_installed_as_a_program() -> None:
    assert park("version").stdout.strip() == version("park-platform")


def test_stopping_what_does_not_run_is_no_error(home: Path) -> None:
    result = CliRunner().invoke(app, ["stop"])
    assert result.exit_code == 0
    assert "not running" in result.output
    assert list(home.iterdir()) == []


@pytest.mark.slow
def test_a_database_out_of_reach_is_said_in_words(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"postgresql://owner:secret@127.0.0.1:{nobody.getsockname()[1]}/park"
        result = park("migrate", PARK_DATABASE_URL=address, PARK_HOME=str(tmp_path))
    assert result.returncode == 1
    assert "does not answer" in result.stderr
    assert "Traceback" not in result.stderr
    assert "secret" not in result.stderr


@pytest.mark.slow
def test_an_installation_that_was_never_migrated_is_said_in_words(tmp_path: Path) -> None:
    result = park("user", "list", PARK_HOME=str(tmp_path), PARK_DATABASE_URL="")
    assert result.returncode == 1
    assert "park migrate" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_doctor_fails_when_something_is_bad(tmp_path: Path) -> None:
    key = tmp_path / "secret.key"
    key.write_bytes(b"k" * 32)
    key.chmod(0o600)
    tmp_path.chmod(0o700)
    sound = park("doctor", "--lang", "en", PARK_HOME=str(tmp_path), PARK_DATABASE_URL="")
    assert sound.returncode == 0, sound.stdout
    key.chmod(0o644)
    broken = park("doctor", "--lang", "en", PARK_HOME=str(tmp_path), PARK_DATABASE_URL="")
    assert broken.returncode == 1
    assert f"chmod 600 {key}" in broken.stdout
