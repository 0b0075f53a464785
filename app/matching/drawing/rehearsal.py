"""A whole draw in memory, from pool to bundle: what the measurements and the tests work on.

It goes through the same functions as a draw of the register; only people and numbers are made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from app.matching.drawing import bundle as bundles
from app.matching.drawing import chance, log, pool, seats
from app.matching.drawing.canonical import sha
from app.matching.drawing.pool import FINANCE, OFFSITE, TECHNICAL, Entry
from app.matching.drawing.seats import Quotas, Seat, Seating

_BEGUN = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
_CODES = ("same_organisation", "former_organisation", "unavailable", "outside_field")
_PROFESSIONS = ((TECHNICAL,),) * 7 + ((FINANCE,), (), ())
PARTIES = ("operator", "witness")


def numbers(seed: int) -> Random:
    """Return a source of made-up people and numbers, the same for the same seed."""
    return Random(seed)  # noqa: S311 -- nothing of it is secret; draws of the register use secrets


def made_up(count: int, random: Random, units: int | None = None) -> list[Entry]:
    """Return a pool: most are technical, some finance, a third from elsewhere, some excluded."""
    found = []
    for n in range(count):
        strata = list(_PROFESSIONS[n % len(_PROFESSIONS)])
        strata += [OFFSITE] if n % 3 == 0 else []
        excluded = (_CODES[n % len(_CODES)],) if n % 8 == 0 else ()
        unit = f"{n % (units or max(1, count // 2)):016x}"
        found.append(
            Entry(_hex(random, 32), unit, tuple(sorted(strata)), excluded, _hex(random, 16))
        )
    return pool.in_place(found)


def _hex(random: Random, size: int) -> str:
    return random.randbytes(size).hex()


@dataclass
class Rehearsal:
    """A draw that was held: its log grows as seats are filled again."""

    id: str
    entries: list[Entry]
    quotas: Quotas
    spare: int = 3
    parties: tuple[str, ...] = PARTIES
    seats: list[Seat] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    terms: dict[str, Any] = field(default_factory=dict)
    root: str = ""
    order: list[Entry] = field(default_factory=list)
    first: list[Seating] = field(default_factory=list)
    panel: list[Entry | None] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def note(self, kind: str, facts: dict[str, Any]) -> None:
        last = (self.events[-1]["seq"], self.events[-1]["hash"]) if self.events else None
        at = _BEGUN + timedelta(minutes=len(self.events))
        self.events.append(log.following(last, at, kind, facts).told())

    def freeze(self) -> None:
        most = self.quotas.per_unit_max
        self.seats, _ = seats.plan(self.quotas, self.entries)
        self.root = pool.root_of(self.entries)
        self.terms = bundles.terms(
            self.id,
            seats=self.seats,
            per_unit_max=most,
            alternates=self.spare,
            parties=self.parties,
            further={"title": "高精度减速器项目论证", "rules": "2026-11"},
        )
        self.note("frozen", {"root": self.root, "terms": sha(self.terms)})

    def hold(self, numbers: dict[str, str]) -> None:
        """Commit, reveal, draw, release."""
        for party, nonce in numbers.items():
            facts = {"party": party, "hash": chance.commitment(self.id, party, nonce)}
            self.note("committed", facts)
        for party, nonce in numbers.items():
            self.note("revealed", {"party": party, "nonce": nonce})
        seed = chance.seed(self.root, sha(self.terms), numbers)
        self.note("drawn", {"seed": seed})
        self.order = chance.in_order(seed, self.entries)
        self.first = seats.walk(self.seats, self.order, self.quotas.per_unit_max)
        for seating in self.first:
            self.note("seated", bundles.seated(seating))
        self.panel = [seating.by for seating in self.first]
        self.note("released", {})

    def lose(self, pseudonym: str, code: str) -> Entry | None:
        """Let a member go; return who takes the seat."""
        self.gone.append(pseudonym)
        place = next(n for n, e in enumerate(self.panel) if e and e.id == pseudonym)
        self.panel[place] = None
        sitting = [e for e in self.panel if e]
        most = self.quotas.per_unit_max
        found = seats.next_for(place, self.seats, sitting, self.order, most, self.gone)
        self.panel[place] = found.by
        self.note("seated", bundles.seated(found, code=code, left=pseudonym))
        return found.by

    def bundle(self) -> bytes:
        members = [s.by for s in self.first]
        spare = seats.alternates(self.order, members, self.spare)
        result = {
            "members": [e.id if e else None for e in members],
            "alternates": [e.id for e in spare],
        }
        return bundles.bundle(self.terms, self.entries, self.events, result)


def held(entries: Sequence[Entry], quotas: Quotas, random: Random) -> Rehearsal:
    """Return a draw among ``entries``, held with numbers out of ``random``."""
    draw = Rehearsal(_hex(random, 16), list(entries), quotas)
    draw.freeze()
    draw.hold({party: _hex(random, 32) for party in PARTIES})
    return draw


def usual() -> Quotas:
    """Return quotas as they are usual: 7 people, 60 % technical, one of finance, two off-site."""
    return Quotas(7, per_unit_max=1, technical_min_percent=60, finance_min=1, offsite_min=2)
