"""Bugs of signing in, injected: the attack each names must get through."""
# ruff: noqa: SLF001 -- a bug is put where the code it breaks is

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

from authlib.oidc.core import CodeIDToken
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access import password_rules, second_factor, sessions, tries
from app.access.credentials import ProviderTrip, SecondFactor
from app.access.oidc import claims, trips
from app.access.opening import open_session
from app.audit import requests
from tests.desk.signing import attacks
from tests.desk.signing.attacks import Attack
from tests.house import House

Bug = Callable[[], AbstractContextManager[Any]]


async def _nothing(*_: object, **__: object) -> None:
    return None


def reuse_is_not_noticed() -> Any:
    return patch.object(sessions, "_end", _nothing)


def the_race_never_ends() -> Any:
    return patch.object(sessions, "RACE", timedelta(days=365))


def a_code_is_good_again() -> Any:
    async def take(session: AsyncSession, account_id: UUID, code: str) -> bool:
        found = await session.get(SecondFactor, account_id)
        return found is not None and second_factor._step_of(found, code) is not None

    return patch.object(second_factor, "_take", take)


def codes_drift_for_minutes() -> Any:
    return patch.object(second_factor, "DRIFT", 4)


@contextmanager
def the_nonce_is_not_looked_at() -> Iterator[None]:
    with ExitStack() as places:
        places.enter_context(patch.object(claims, "_require_nonce", lambda *_: None))
        places.enter_context(patch.object(CodeIDToken, "validate_nonce", lambda _: None))
        yield


def the_audience_is_not_looked_at() -> Any:
    return patch.object(claims, "_require_ours", lambda *_: None)


def any_header_passes() -> Any:
    return patch.object(claims, "_HEADER", frozenset({"alg", "typ", "kid", "jwk", "jku", "crit"}))


def any_browser_comes_back() -> Any:
    async def come_back(session: AsyncSession, state: str, _: str) -> ProviderTrip | None:
        taken = delete(ProviderTrip).where(col(ProviderTrip.state) == trips._digest(state))
        return (await session.execute(taken.returning(ProviderTrip))).scalar_one_or_none()

    return patch.object(trips, "come_back", come_back)


def locked_by_name_alone() -> Any:
    def keys(username: str, *_: object) -> list[tries.Key]:
        return [tries._key(tries.Limit(5, 3600, 3600), "account", username)]

    return patch.object(tries, "keys_of", keys)


def guesses_are_not_counted() -> Any:
    async def count(*_: object) -> Any:
        from app.core.clock import now

        return now()

    return patch.object(tries, "count", count)


@contextmanager
def sessions_are_cached() -> Iterator[None]:
    kept: dict[tuple[object, ...], Any] = {}

    async def opened(session: AsyncSession, *rest: Any) -> Any:
        if rest not in kept:
            kept[rest] = await open_session(session, *rest)
        return kept[rest]

    with patch.object(requests, "open_session", opened):
        yield


def common_passwords_pass() -> Any:
    return patch.object(password_rules, "_guessable", lambda *_: False)


async def _other_browser(house: House) -> list[str]:
    await attacks.linked(house)
    return await attacks.wrong_ways(house)


#: Each bug with the attack that finds it.
BUGS: list[tuple[Bug, Attack]] = [
    (reuse_is_not_noticed, attacks.replayed_refresh),
    (the_race_never_ends, attacks.replayed_refresh),
    (a_code_is_good_again, attacks.replayed_codes),
    (codes_drift_for_minutes, attacks.replayed_codes),
    (the_nonce_is_not_looked_at, attacks.lies_about("nonce")),
    (the_audience_is_not_looked_at, attacks.lies_about("audience")),
    (any_browser_comes_back, _other_browser),
    (any_header_passes, attacks.lies_about("key")),
    (locked_by_name_alone, attacks.locked_out),
    (guesses_are_not_counted, attacks.guesses_at_once),
    (sessions_are_cached, attacks.revoked_session),
    (common_passwords_pass, attacks.weak_passwords),
]
