"""The log of a draw: each entry carries the hash of the one before, so none can be taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.matching.drawing.canonical import sha

BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    seq: int
    at: str
    kind: str
    facts: Mapping[str, Any]
    prev: str

    @property
    def hash(self) -> str:
        return sha(self._body())

    def _body(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "at": self.at,
            "kind": self.kind,
            "facts": dict(self.facts),
            "prev": self.prev,
        }

    def told(self) -> dict[str, Any]:
        """Return the event as it stands in the bundle."""
        return self._body() | {"hash": self.hash}


def following(
    last: tuple[int, str] | None, at: datetime, kind: str, facts: Mapping[str, Any]
) -> Event:
    """Return the event that follows ``last`` (its number and hash); None begins the log."""
    seq, prev = last or (0, BEGINNING)
    return Event(seq + 1, at.isoformat(timespec="seconds"), kind, facts, prev)


def unbroken(events: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether ``events``, as told, are one chain from the beginning."""
    prev = BEGINNING
    for n, told in enumerate(events, 1):
        rest = {k: v for k, v in told.items() if k != "hash"}
        if told["seq"] != n or told["prev"] != prev or told["hash"] != sha(rest):
            return False
        prev = told["hash"]
    return True
