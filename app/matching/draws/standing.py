"""How a draw stands, read off its log and pool: who sits where, who follows, who has gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.matching.drawing import bundle, chance
from app.matching.drawing import seats as seating
from app.matching.drawing.pool import Entry
from app.matching.drawing.seats import Seat, Seating
from app.matching.draws import events
from app.matching.draws.models import Draw


@dataclass(slots=True)
class Standing:
    """A draw that was held. ``panel`` holds who sits in each seat now; None: nobody could."""

    seats: list[Seat]
    order: list[Entry]
    per_unit_max: int
    first: list[str | None] = field(default_factory=list)
    panel: list[str | None] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)

    def seat_of(self, pseudonym: str) -> int | None:
        """Return the seat somebody holds."""
        return self.panel.index(pseudonym) if pseudonym in self.panel else None

    def follow(self, seat: int, gone: Sequence[str]) -> Seating:
        """Return who takes a seat that was left: the same order goes on."""
        there = {e.id: e for e in self.order}
        sitting = [there[one] for n, one in enumerate(self.panel) if one and n != seat]
        return seating.next_for(seat, self.seats, sitting, self.order, self.per_unit_max, gone)

    def result(self) -> dict[str, Any]:
        """Return the result of the draw itself, as it stands in the bundle."""
        return {"members": self.first, "alternates": self.spare}


def of(draw: Draw, entries: Sequence[Entry], log: Sequence[Mapping[str, Any]]) -> Standing:
    """Return how ``draw`` stands. It must have its seed."""
    terms = draw.terms or {}
    found = Standing(
        seats=bundle.seats_of(terms),
        order=chance.in_order(draw.seed or "", entries),
        per_unit_max=terms["per_unit_max"],
    )
    found.panel = [None for _ in found.seats]
    filled = [event["facts"] for event in log if event["kind"] == events.SEATED]
    for facts in filled:
        found.panel[facts["seat"]] = facts["by"]
    found.first = [facts["by"] for facts in filled[: len(found.seats)]]
    seated = {one for one in found.first if one}
    spare = [e.id for e in found.order if e.id not in seated]
    found.spare = spare[: terms["alternates"]]
    for event in log:
        if event["kind"] == events.SEATED:
            found.gone += [one for one in event["facts"]["gone"] if one not in found.gone]
        elif event["kind"] == events.WITHDRAWN:
            found.gone.append(event["facts"]["gone"])
    return found
