"""One park's share of the demo while it is being written: who, when, with which luck."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.access.actor import Actor
from app.demo.dice import Dice
from app.demo.organisations import Founded, Park
from app.demo.pen import Pen
from app.demo.texts import Text, library
from app.demo.trades import Trade

OPENED_DAYS_AGO = 420  # when the parks' ledgers begin


@dataclass(slots=True)
class Firm:
    """An enterprise of the demo: its record, its trade, and who signs in for it."""

    row: Any
    trade: Trade
    actor: Actor


@dataclass(slots=True)
class Scholar:
    """An expert of the demo: the record, the papers lent, and the account."""

    row: Any
    papers: Sequence[Text]
    actor: Actor


@dataclass(slots=True)
class Deck:
    """Papers dealt one by one, so that few are lent twice."""

    dice: Dice
    left: dict[str, list[Text]] = field(default_factory=dict)

    def deal(self, kind: str, of: Sequence[Text]) -> Text:
        if not self.left.get(kind):
            self.left[kind] = self.dice.sample(list(of), len(of))
        return self.left[kind].pop()


@dataclass(slots=True)
class Scene:
    """What everybody who writes a part of one cohort is handed."""

    pen: Pen
    dice: Dice
    deck: Deck
    today: date
    now: datetime
    park: Park
    founded: Founded
    serial: Iterator[int]
    place: int  # of the cohort, counted over all parks and rounds
    firms: list[Firm] = field(default_factory=list)
    scholars: list[Scholar] = field(default_factory=list)
    owners: list[Firm] = field(default_factory=list)  # the firms that will have needs

    @property
    def until(self) -> datetime:
        """The last moment anything may have happened."""
        return self.now - timedelta(minutes=10)

    def ago(self, days: int) -> datetime:
        """Return a moment in office hours some days ago."""
        return min(self.dice.moment(self.today - timedelta(days=days)), self.until)

    def after(self, moment: datetime, fewest: int, most: int) -> datetime:
        """Return a moment some days after another, never in the future."""
        return self.dice.later(moment, self.dice.randint(fewest, most), self.until)

    def paper(self, high_tech_field: str) -> Text:
        return self.deck.deal(high_tech_field, library().papers[high_tech_field])

    def working(self) -> list[Firm]:
        return [firm for firm in self.firms if firm.row.state == "in_park"]
