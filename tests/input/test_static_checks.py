"""The static checks find what they are for: mistakes planted in a folder of their own."""

from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PLANTED = """import hashlib
import pickle
import subprocess

from sqlalchemy import text


def door(session, name, data):
    session.execute(text(f"SELECT * FROM need WHERE title = '{name}'"))
    subprocess.run(name, shell=True)
    return pickle.loads(data), hashlib.md5(data)
"""


def script(name: str) -> ModuleType:
    """Return a script of the folder ``security``, which is no package."""
    found = util.spec_from_file_location(name, ROOT / "security" / f"{name}.py")
    assert found
    assert found.loader
    made = util.module_from_spec(found)
    found.loader.exec_module(made)
    return made


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    (tmp_path / "door.py").write_text(PLANTED, "utf-8")
    return tmp_path


def test_planted_calls_are_found(planted: Path) -> None:
    status, said = script("check").dangerous_calls([str(planted)]).ends()
    assert status == 1
    assert all(f"[{code}:" in said for code in ("B301", "B324", "B602", "B608"))


def test_the_rules_of_the_house_find_what_is_planted(planted: Path) -> None:
    status, said = script("check").house_rules([str(planted)]).ends()
    assert status == 1
    assert all(rule in said for rule in ("sql-from-pieces", "shell", "pickle", "broken-hash"))


def test_a_new_secret_is_found_and_a_known_one_is_not(tmp_path: Path) -> None:
    key = "AKIA" + "IOSFODNN7EXAMPLD"
    (tmp_path / "settings.py").write_text(f'CLOUD = "{key}"\n', "utf-8")
    assert (
        script("known_secrets")
        .new(["settings.py"], tmp_path)[0]
        .startswith("settings.py:1 AWS Access Key")
    )
    assert script("known_secrets").new(["app/demo/organisations.py"]) == []
