"""What is shipped beside the program says the same as the program."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from app.core.settings import Settings

ROOT = Path(__file__).parent.parent
VARIABLES = {f"PARK_{name.upper()}" for name in Settings.model_fields}
OF_THE_BUILD = {"PARK_WEB"}
OF_COMPOSE = {"PARK_OWNER_PASSWORD"}


def read(name: str) -> str:
    return (ROOT / name).read_text()


def compose() -> dict[str, dict[str, dict[str, object]]]:
    document: dict[str, dict[str, dict[str, object]]] = yaml.safe_load(read("compose.yaml"))
    return document


def named(text: str) -> set[str]:
    return set(re.findall(r"\bPARK_[A-Z_]+[A-Z]\b", text))


@pytest.mark.parametrize(
    "file", ["compose.yaml", "Dockerfile", "deploy/README.md", "docs/operations/README.md"]
)
def test_only_settings_that_exist_are_named(file: str) -> None:
    assert named(read(file)) - VARIABLES - OF_THE_BUILD - OF_COMPOSE == set()


def test_every_setting_is_explained() -> None:
    assert VARIABLES - named(read("docs/operations/README.md")) == set()


def test_compose_asks_for_every_secret_and_invents_none() -> None:
    text = read("compose.yaml")
    for secret in ("POSTGRES_PASSWORD", "PARK_OWNER_PASSWORD", "PARK_SECRET_KEY"):
        assert f"${{{secret}:?" in text
        assert f"{secret}:-" not in text


def test_the_services_know_each_other_by_name() -> None:
    services = compose()["services"]
    environment = services["park"]["environment"]
    assert isinstance(environment, dict)
    assert "@postgres:5432/park" in str(environment["PARK_DATABASE_URL"])
    assert "server park park:8000 " in read("deploy/haproxy.cfg")
    assert set(services) == {"postgres", "park", "proxy"}
    assert [name for name in services if "ports" in services[name]] == ["proxy"]


def test_mounted_files_exist_and_volumes_are_declared() -> None:
    document = compose()
    for service in document["services"].values():
        mounts = service.get("volumes", [])
        assert isinstance(mounts, list)
        for mount in mounts:
            source = str(mount).split(":", maxsplit=1)[0]
            if source == "./deploy/certs":
                continue  # the operator's own
            assert source in document["volumes"] or (ROOT / source).is_file(), source


def test_the_owner_of_the_shipped_database_is_the_one_doctor_expects() -> None:
    made = read("deploy/postgres-init.sh")
    assert "createrole bypassrls" in made
    assert "superuser" not in made
    assert "create role park_owner" in made


def test_the_image_does_not_run_as_root_and_says_how_it_is() -> None:
    lines = read("Dockerfile").splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in {"root", "0"}
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert "/healthz" in read("Dockerfile")


def test_the_image_is_written_as_the_linter_wants() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("hadolint has no build for this machine")
    subprocess.run([linter, str(ROOT / "Dockerfile")], check=True)


@pytest.mark.parametrize("script", ["scripts/uv", "scripts/web", "scripts/test-needs", ".ci/run"])
def test_scripts_are_plain_shell(script: str) -> None:
    assert read(script).startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(ROOT / script)], check=True)
    assert (ROOT / script).stat().st_mode & 0o111
