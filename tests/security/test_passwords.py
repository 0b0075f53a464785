"""Passwords, links, codes and tokens: how they are made, kept and taken."""

import ast
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.access import passwords, second_factor, sessions
from app.access.password_rules import weaknesses
from app.core.database_roles import owner_url
from app.core.settings import get_settings
from tests.access import oracle

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["mlps3", "asvs"])
def profile(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("PARK_PASSWORDS", request.param)
    get_settings.cache_clear()
    yield request.param
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Kiefer-wald-99 ", "Kiefer-wald-99"),
        ("Kiefer-wald-99", "kiefer-wald-99"),
        ("\u00e9-Kiefer-wald-9", "e\u0301-Kiefer-wald-9"),
        ("x" * 100 + "A-1", "x" * 100 + "A-2"),
        ("松林-Kiefer-99", "松林-Kiefer-9"),
    ],
)
async def test_a_password_is_taken_exactly_as_typed(right: str, wrong: str) -> None:
    """Nothing is cut off, folded or trimmed, not even at the 72nd byte."""
    kept = passwords.hashed_now(right)
    assert await passwords.verified(right, kept)
    assert not await passwords.verified(wrong, kept)


def test_long_passwords_are_taken(profile: str) -> None:
    """64 characters and more, of any signs: blanks, Chinese, emoji."""
    for text in ("Ufer 7 ", "松林 Kw4 ", "🌲 Tanne-9 "):
        long = "".join(f"{text}{chr(0x4E00 + 97 * n)}" for n in range(9))[:70]
        assert 64 <= len(long) <= 70
        assert weaknesses(long, "zhangwei") == [], (profile, long)


def test_what_everybody_uses_is_refused_under_both_profiles(profile: str) -> None:
    for common in ("Password123456789", "Qwertyuiop-12345", "Yuanqu-2026-Admin"):
        assert weaknesses(common, "zhangwei"), (profile, common)


def test_recovery_codes_are_long_random_and_kept_as_digests() -> None:
    codes = [second_factor._recovery_code() for _ in range(2_000)]  # noqa: SLF001
    assert len(set(codes)) == len(codes)
    letters = len(codes[0].replace("-", ""))
    assert len(second_factor._ALPHABET) ** letters >= 2**40  # noqa: SLF001
    source = (ROOT / "app/access/second_factor.py").read_text("utf-8")
    assert "pyotp.random_base32(32)" in source, "160 bits of seed"
    columns = {c.name for c in second_factor.RecoveryCode.__table__.columns}  # type: ignore[attr-defined]
    assert "digest" in columns
    assert "code" not in columns


def test_tokens_of_sessions_are_long_and_random() -> None:
    """256 bits from the system for the renewal token; the access token holds a new id each time."""
    calls = [
        ast.unparse(node)
        for node in ast.walk(ast.parse((ROOT / "app/access/sessions.py").read_text("utf-8")))
        if isinstance(node, ast.Call) and "token_urlsafe" in ast.unparse(node.func)
    ]
    assert calls
    assert set(calls) == {"secrets.token_urlsafe(32)"}
    assert sessions.digest("x") == hashlib.sha256(b"x").digest()


def test_a_fresh_installation_lets_nobody_in(database: str) -> None:
    """After the migrations there is no account at all, so none with a known password."""
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM account")) == 0
        assert connection.scalar(sa.text("SELECT count(*) FROM session")) == 0


def test_nobody_is_asked_for_a_hint() -> None:
    for folder in ("app/access", "app/desk"):
        for file in (ROOT / folder).rglob("*.py"):
            text = file.read_text("utf-8").lower()
            assert not re.search(
                r"secret_question|security_question|password_hint|密保|提示问题", text
            )


def test_every_open_door_is_written_down() -> None:
    """The ways in that need no session are the ones the page of evidence describes."""
    page = (ROOT / "docs/operations/evidence.md").read_text("utf-8")
    ways = sorted(name for name in oracle.OPEN if name.startswith(("auth_", "public_invitation")))
    assert ways
    assert [name for name in ways if f"`{name}`" not in page] == []
