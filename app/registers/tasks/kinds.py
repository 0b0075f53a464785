"""The kinds of long work: each one function, declared where it is written."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from app.audit.work import Work
from app.core.labels import T
from app.registers.tasks.run import Run
from app.registers.tasks.table import TaskRun

P = TypeVar("P", bound=BaseModel)
Page = Callable[[TaskRun], str | None]


class Nothing(BaseModel):
    """The parameters of a task that needs none."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file a task leaves for whoever asked for it."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """What a finished task tells: facts for the page, perhaps a file."""

    result: Mapping[str, Any] = field(default_factory=dict)
    file: Made | None = None


Whole = Callable[[Work, Run[P]], Awaitable[Done]]
InParts = Callable[[Run[P]], Awaitable[Done]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of task: its words, what it is asked with, the function that does it."""

    name: str
    label: T
    params: type[BaseModel]
    whole: Whole[Any] | None
    in_parts: InParts[Any] | None
    phases: Mapping[str, T]
    page: Page | None
    alone: bool


_kinds: dict[str, Kind] = {}


def whole(
    name: str,
    label: T,
    params: type[P],
    *,
    phases: Mapping[str, T] | None = None,
    page: Page | None = None,
    alone: bool = True,
) -> Callable[[Whole[P]], Whole[P]]:
    """Declare work of one transaction: it happens altogether, once, or leaves nothing.

    ``page`` names the address in the page where the result is looked at. Tasks of one person run
    one after the other; one that is not ``alone`` (it only reads) runs beside them.
    """

    def declared(function: Whole[P]) -> Whole[P]:
        _enter(Kind(name, label, params, function, None, phases or {}, page, alone), function)
        return function

    return declared


def in_parts(
    name: str,
    label: T,
    params: type[P],
    *,
    phases: Mapping[str, T] | None = None,
    page: Page | None = None,
) -> Callable[[InParts[P]], InParts[P]]:
    """Declare work of many transactions: each ``async with run.part()`` commits one, with how far
    it is, and a task taken over from a worker that died goes on at ``run.cursor``.
    """

    def declared(function: InParts[P]) -> InParts[P]:
        _enter(Kind(name, label, params, None, function, phases or {}, page, alone=True), function)
        return function

    return declared


def _enter(kind: Kind, function: Callable[..., Any]) -> None:
    there = _kinds.get(kind.name)
    known = there and (there.whole or there.in_parts)
    if known and known.__module__ != function.__module__:
        raise ValueError(f"two kinds of task are called {kind.name}")
    _kinds[kind.name] = kind


def named(name: str) -> Kind:
    """Return a kind. Raises LookupError."""
    if name not in _kinds:
        raise LookupError(name)
    return _kinds[name]


def known(name: str) -> Kind | None:
    """Return a kind, or None of one that an older release had."""
    return _kinds.get(name)
