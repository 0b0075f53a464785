"""What is declared of an act that takes two people; each is declared where it is carried out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app.access.roles import Role
from app.audit.work import Work
from app.core.labels import T
from app.registers.approvals.tables import TwoPersonAct


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of act: who asks, who confirms, how long it waits, what it does.

    ``says`` tells what will happen, in words for whoever is to confirm it: a text with places for
    the record's ``title`` and for what the act was asked with, or what makes one. An act on a
    record names the ``move`` that carries it out: it waits while the record can take that move.
    Another act is carried out by ``carry_out``. ``check`` refuses what must not even be asked for.
    """

    name: str
    label: T
    asks: frozenset[Role]
    confirms: frozenset[Role]
    days: int
    says: T | Callable[[Work, TwoPersonAct], Awaitable[str]]
    register: str | None = None
    move: str | None = None
    check: Callable[[Work, Any, Any], Awaitable[None]] | None = None  # given: asked for by itself
    carry_out: Callable[[Work, TwoPersonAct], Awaitable[None]] | None = None


async def told(work: Work, kind: Kind, act: TwoPersonAct) -> str:
    """Return what will happen once ``act`` is confirmed."""
    if isinstance(kind.says, T):
        return kind.says.filled(work.locale, {"title": act.label, **act.params})
    return await kind.says(work, act)


_KINDS: dict[str, Kind] = {}


def declare(kind: Kind) -> Kind:
    """Enter a kind of act. Raises TypeError for one that nothing carries out, or entered twice."""
    if (kind.move is None) == (kind.carry_out is None):
        msg = f"{kind.name}: either a move or a function carries it out"
        raise TypeError(msg)
    if kind.name in _KINDS:
        msg = f"{kind.name} is declared twice"
        raise TypeError(msg)
    _KINDS[kind.name] = kind
    return kind


def named(name: str) -> Kind:
    return _KINDS[name]


def find(name: str) -> Kind | None:
    return _KINDS.get(name)


def everything() -> tuple[Kind, ...]:
    return tuple(_KINDS.values())
