"""States and moves as data: who may take which step from where, and what it asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlmodel import SQLModel

from app.access.actor import Actor
from app.access.roles import Role, named
from app.core.errors import FieldError, Forbidden, IllegalMove, Invalid, NotFound
from app.core.labels import T
from app.registers.fields import F, bound

RowT = TypeVar("RowT", bound=SQLModel)
ANY_ROLE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class State:
    """A state as people see it; tone is neutral, info, success, warning or danger."""

    label: T
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Move(Generic[RowT]):
    """One step. ``target`` None means the room's own code says where it leads."""

    label: T
    sources: frozenset[StrEnum]
    target: StrEnum | None
    by: frozenset[Role]
    tone: str = "neutral"
    form: type[SQLModel] | None = None
    form_fields: tuple[F, ...] = ()
    requires: tuple[str, ...] = ()  # fields of the record that must be filled in
    guard: Callable[[Actor, RowT], T | None] | None = None  # why not, or None

    def __post_init__(self) -> None:
        """Read the shapes of the form's fields off its annotations."""
        if self.form is not None:
            known = self.form.model_fields
            fields = (f if f.shape else bound(f, known[f.name]) for f in self.form_fields)
            object.__setattr__(self, "form_fields", tuple(fields))


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[RowT]):
    """The states of a register and the moves between them."""

    initial: StrEnum
    states: Mapping[StrEnum, State]
    moves: Mapping[str, Move[RowT]]
    #: Which roles may edit the record in which state; a state left out is closed to editing.
    editable: Mapping[StrEnum, frozenset[Role]] = field(default_factory=dict)

    def move(self, name: str) -> Move[RowT]:
        """Return a move by name. Raises NotFound."""
        if name not in self.moves:
            raise NotFound(
                T(
                    "没有这个操作；请从页面列出的操作中选择。",
                    "There is no such move; choose one of those the page offers.",
                )
            )
        return self.moves[name]


_NOT_YOURS = T(
    "只有{who}可以「{move}」，请联系他们办理。", "Only {who} may do this: {move}. Ask one of them."
)
_NOT_NOW = T(
    "「{state}」状态下不能「{move}」；此时可以：{possible}。",
    "Not possible while {state}: {move}. Possible now: {possible}.",
)
_FILL_IN = T(
    "「{move}」之前须填好这一项，请先填写。", "This is needed for “{move}”: fill it in first."
)
_NOTHING = T("无", "nothing")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an actor may do with a record now; refusals carry who could."""

    allowed: tuple[str, ...]
    refused: Mapping[str, tuple[T, Mapping[str, object]]]


def verdict(lifecycle: Lifecycle[Any], actor: Actor, row: Any) -> Verdict:
    """Return the moves possible from the row's state, split by whether this actor may."""
    allowed: list[str] = []
    refused: dict[str, tuple[T, Mapping[str, object]]] = {}
    for name, move in lifecycle.moves.items():
        if row.state not in move.sources:
            continue
        why = _refusal(move, actor, row)
        if why is None:
            allowed.append(name)
        else:
            refused[name] = why
    return Verdict(tuple(allowed), refused)


def _refusal(move: Move[Any], actor: Actor, row: Any) -> tuple[T, Mapping[str, object]] | None:
    if actor.role not in move.by:
        return _NOT_YOURS, {"who": named(move.by), "move": move.label}
    reason = move.guard(actor, row) if move.guard else None
    return (reason, {}) if reason else None


def never_moves(
    lifecycle: Lifecycle[Any], name: str, actor: Actor
) -> tuple[T, Mapping[str, object]] | None:
    """Return why this role takes the move from no state at all; None if it may, or of no move."""
    move = lifecycle.moves.get(name)
    if move is None or actor.role in move.by:
        return None
    return _NOT_YOURS, {"who": named(move.by), "move": move.label}


def require_possible(lifecycle: Lifecycle[Any], name: str, row: Any) -> Move[Any]:
    """Return the move if the record's state allows it, whoever takes it.

    Raises NotFound, IllegalMove.
    """
    move = lifecycle.move(name)
    if row.state not in move.sources:
        raise IllegalMove(_NOT_NOW, _situation(lifecycle, move, row))
    return move


def require(lifecycle: Lifecycle[Any], name: str, actor: Actor, row: Any) -> Move[Any]:
    """Return the move if this actor may take it now.

    Raises NotFound, Forbidden, IllegalMove, Invalid.
    """
    move = lifecycle.move(name)
    refusal = _refusal(move, actor, row)
    if actor.role not in move.by and refusal:
        raise Forbidden(refusal[0], refusal[1])
    require_possible(lifecycle, name, row)
    if refusal:
        raise Forbidden(refusal[0], refusal[1])
    missing = [f for f in move.requires if getattr(row, f) in (None, "", [])]
    if missing:
        raise Invalid.of(
            *(FieldError(f"/{f}", "missing", _FILL_IN, {"move": move.label}) for f in missing)
        )
    return move


def _situation(lifecycle: Lifecycle[Any], move: Move[Any], row: Any) -> dict[str, object]:
    possible = [m.label for m in lifecycle.moves.values() if row.state in m.sources]
    words = (
        T("、".join(p.zh for p in possible), ", ".join(p.en for p in possible))
        if possible
        else _NOTHING
    )
    return {"state": lifecycle.states[row.state].label, "move": move.label, "possible": words}
