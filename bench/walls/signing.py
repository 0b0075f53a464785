"""Signing in: what is tried against it, what gets through, and the bugs that would let it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from app.core import db
from app.main import create_app
from bench.walls.rows import Row, at_least, at_most
from tests.access.test_tokens import FORGERIES
from tests.desk.signing import attacks
from tests.desk.signing.bugs import BUGS
from tests.desk.signing.provider import FALSE_LOGOUTS
from tests.desk.signing.workers import across, workers
from tests.house import House, build
from tests.postgres import cloned, running

Result = TypeVar("Result")
TABS = 100
GUESSES = 1000
LOOKED_AT = 100  # of them; then a name from strange networks is tried once a minute


def measured(long: bool) -> Iterator[Row]:  # noqa: FBT001 -- the harness's one switch
    """Yield the figures; the short form guesses less and injects half of the bugs."""
    with _house() as house:
        yield from _sessions(house)
        yield from _guesses(house, GUESSES if long else 100)
        yield from _forged(house)
        yield _through(house, "weak", "weak or used passwords taken", _passwords)
        yield from _bugs(house, BUGS if long else BUGS[::2])


@contextmanager
def _house() -> Iterator[House]:
    with running() as server, cloned(server):
        yield _now(lambda: build(create_app()))


def _now(work: Callable[[], Awaitable[Result]]) -> Result:
    """Do ``work`` in a loop of its own, and leave no connection behind."""

    async def once() -> Result:
        try:
            return await work()
        finally:
            await db.close()

    return asyncio.run(once())


def _through(
    house: House, id_: str, what: str, attack: Callable[[House], Awaitable[list[str]]]
) -> Row:
    found = _now(lambda: attack(house))
    for each in found:
        print(f"# {id_}: {each}")
    return at_most(f"signing.{id_}", what, len(found), 0)


def _sessions(house: House) -> Iterator[Row]:
    tabs = _now(lambda: attacks.refreshes(house, TABS))
    off = abs(tabs["rotations"] - 1)
    yield at_most("signing.rotations", f"rotations but one, of {TABS} renewals at once", off, 0)
    yield at_most("signing.thrown_out", "sessions those renewals ended", tabs["thrown_out"], 0)
    yield _through(
        house,
        "replay",
        "replaced renewal tokens used, or their session alive",
        attacks.replayed_refresh,
    )
    yield _through(house, "revoked", "answers to an ended session", attacks.revoked_session)
    with workers() as urls:
        yield _through(
            house,
            "workers",
            "answers to a session ended, or a code used, at another worker process",
            lambda there: across(there, urls),
        )


def _guesses(house: House, many: int) -> Iterator[Row]:
    told = _now(lambda: attacks.guesses(house, many))
    yield at_most(
        "signing.kept_out", f"times {many} guesses kept their victim out", told["kept_out"], 0
    )
    yield at_most("signing.looked_at", f"of {many} guesses looked at", told["looked_at"], LOOKED_AT)
    yield _through(house, "neighbour", "guesses from the victim's network", attacks.locked_out)
    yield _through(house, "at_once", "more guesses looked at, at once", attacks.guesses_at_once)
    yield _through(house, "spray", "one password on sixty names, unslowed", attacks.sprayed)


def _forged(house: House) -> Iterator[Row]:
    yield at_least("signing.forgeries", "forged access tokens shown", len(FORGERIES), 60)
    yield _through(house, "forged", "forged access tokens not refused", attacks.forgeries)
    yield _through(house, "codes", "codes taken twice, or off by a minute", attacks.replayed_codes)
    yield at_least("signing.lies_told", "lies of the provider", attacks.LIES_TOLD, 15)
    yield _through(house, "lies", "lies of the provider believed", attacks.lies)
    what = f"of {len(FALSE_LOGOUTS)} false notices of signing out believed"
    yield _through(house, "logouts", what, attacks.false_logouts)


async def _passwords(house: House) -> list[str]:
    return await attacks.weak_passwords(house) + await attacks.old_passwords(house)


def _bugs(house: House, bugs: list[tuple[attacks.Attack, attacks.Attack]]) -> Iterator[Row]:
    found = 0
    for bug, attack in bugs:
        with bug():
            got = _now(lambda attack=attack: attack(house))
        found += bool(got)
        if not got:
            print(f"# not found: {bug.__name__}")
    yield at_least("signing.bugs", f"injected bugs found, of {len(bugs)}", found, len(bugs))
