"""What the page of evidence says is what the program does."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import app.registry  # noqa: F401 -- fills the directory of registers
from app.access import password_rules, sessions, tries
from app.access.oidc import provider
from app.core import db, files, jobs, mail, previews
from app.main import LARGEST_BODY
from app.matching import embeddings
from app.registers import directory

ROOT = Path(__file__).parents[2]


def section(heading: str) -> str:
    """Return what stands below a heading of the page."""
    page = (ROOT / "docs/operations/evidence.md").read_text("utf-8")
    shape = rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)"
    found = re.search(shape, page, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


def _line(heading: str, start: str) -> str:
    return next(line for line in section(heading).splitlines() if line.startswith(f"| {start}"))


def test_limits_are_those_the_page_tells() -> None:
    heading = "Limits, and what happens at them"
    pool = _line(heading, "connections of one wall")
    assert f"{db.POOL} kept, {db.OVERFLOW} more" in pool
    assert f"waits {db.WAIT:g} s" in pool
    proxy = (ROOT / "deploy/haproxy.cfg").read_text("utf-8")
    assert "maxconn 16 " in proxy
    assert "timeout queue 1500ms" in proxy
    assert "16 at once | waits 1.5 s" in _line(heading, "requests of the proxy")
    assert f"{LARGEST_BODY:,}" in _line(heading, "body of a request")
    unpacked = files._MOST_UNPACKED // 2**20  # noqa: SLF001
    assert f"{files.LARGEST // 2**20} MB, unpacked {unpacked} MB" in _line(heading, "one file")
    pair = f"{tries.PAIR.free} free, then 2 s to {tries.PAIR.longest} s"
    assert pair in _line(heading, "sign-in tries, one name from one network")
    name = f"{tries.ACCOUNT.free} free, then 2 s to {tries.ACCOUNT.longest} s"
    assert name in _line(heading, "sign-in tries, one name from anywhere")
    work = _line(heading, "long work")
    assert f"{jobs.CONCURRENCY} at once" in work
    assert f"{jobs.ATTEMPTS} attempts" in work
    pages = f"{previews._AT_ONCE} at once, {previews._SECONDS} s and {previews._MEMORY:,}"  # noqa: SLF001
    assert pages in _line(heading, "pages of a PDF")
    assert f"| {mail.SECONDS:g} s |" in _line(heading, "mail server silent")
    assert f"| {embeddings.PATIENCE:g} s " in _line(heading, "service of embeddings")
    assert f"| {provider.TIMEOUT:g} s |" in _line(heading, "provider of identities")


def test_lives_of_sessions_are_those_the_page_tells() -> None:
    for start, life in (
        ("everybody", sessions.EVERYBODY),
        ("the three administrators", sessions.PRIVILEGED),
    ):
        told = _line("Sessions", start)
        assert f"| {life.idle // timedelta(minutes=1)} minutes |" in told
        assert f"| {life.absolute // timedelta(hours=1)} hours |" in told


def test_profiles_and_words_of_passwords_are_those_the_page_tells() -> None:
    told = " ".join(section("Signing in").split())
    law, asvs = password_rules.PROFILES["mlps3"], password_rules.PROFILES["asvs"]
    assert law.change is not None
    assert f"({law.shortest} characters, three of four classes" in told
    assert law.classes == 3
    assert f"every {law.change.days} days, five remembered" in told
    assert law.history == 5
    assert f"({asvs.shortest} characters, no classes, no change)" in told
    assert (asvs.classes, asvs.change) == (1, None)
    assert "`_WORDS` in `app/access/password_rules.py`" in told
    assert len(password_rules._WORDS) > 20  # noqa: SLF001


def test_the_kinds_of_files_taken_are_those_the_page_names() -> None:
    told = re.search(r"Taken: ([^;]*);", section("Files"))
    assert told
    assert told[1].split(", ") == sorted(files._KNOWN)  # noqa: SLF001
    assert not {"svg", "html", "xml", "js", "exe"} & set(files._KNOWN)  # noqa: SLF001


def test_every_personal_field_stands_in_the_table_of_classes() -> None:
    personal = {
        f"{register.name}.{field.name}"
        for register in directory.everything()
        if "toy" not in register.name
        for field in register.fields
        if field.secret
    }
    named = set(re.findall(r"`([\w-]+\.\w+)`", _line("Classes of data", "personal")))
    assert named == personal


def test_every_logger_is_in_the_inventory() -> None:
    """Loggers by name are named; those of modules stand under app; nothing else writes files."""
    told = section("What is logged")
    for file in (ROOT / "app").rglob("*.py"):
        if file.name == "logging.py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "logging.getLogger":
                name = ast.unparse(node.args[0]).strip("'") if node.args else "root"
                assert name == "__name__" or f"`{name}`" in told, (file, name)
            handler = isinstance(node, ast.Attribute) and node.attr.endswith("FileHandler")
            assert not handler, file
