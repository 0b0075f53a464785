"""What guards read of a record is selected with it, whatever fields were asked for."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from app.core.clock import now, today
from app.core.ids import new_id
from app.registers import directory
from app.registers.directory import AnyRegister
from app.registers.disclosure import ALWAYS

_ONE = new_id()


class Watched:
    """Has every attribute, and remembers which were read."""

    def __init__(self, dice: random.Random, state: Any = None) -> None:
        self.__dict__["dice"], self.__dict__["read"] = dice, set()
        if state is not None:
            self.__dict__["state"] = state

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.read.add(name)
        pool: tuple[Any, ...] = (
            None,
            True,
            False,
            _ONE,
            new_id(),
            now(),
            today(),
            "x",
            1,
            [],
            [_ONE],
        )
        self.__dict__[name] = self.dice.choice(pool)
        return self.__dict__[name]


def _asked(register: AnyRegister) -> Iterator[Callable[[Any, Any], Any]]:
    """Yield everything that is called for each row of a list."""
    if register.lifecycle:
        yield from (m.guard for m in register.lifecycle.moves.values() if m.guard)
    if register.may_edit:
        yield register.may_edit
    if fixed := register.fixed:
        yield lambda _, row: fixed(row)


def _read_by(register: AnyRegister) -> set[str]:
    dice = random.Random(7)  # noqa: S311 -- chooses attribute values
    states = list(register.lifecycle.states) if register.lifecycle else [None]
    read: set[str] = set()
    for ask in _asked(register):
        for at in range(300):
            row = Watched(dice, states[at % len(states)])
            with suppress(TypeError, AttributeError, ValueError, KeyError):
                ask(Watched(dice), row)
            read |= row.read
    return read


@pytest.mark.parametrize("register", directory.everything(), ids=lambda r: r.name)
def test_what_guards_read_is_always_selected(register: AnyRegister) -> None:
    assert _read_by(register) <= {*ALWAYS, *register.guard_columns, "state"}


def test_a_guard_that_reads_more_is_found() -> None:
    def nosy(_: Any, row: Any) -> Any:
        return row.title or None

    register = replace(directory.named("needs"), may_edit=nosy)
    assert "title" in _read_by(register)
