"""Leaks put in on purpose, one at a time; each must be found."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

from app.audit.work import Work
from app.core import validation
from app.registers import disclosure, exporting, keeping, reading, secrets, writing
from app.registers.fields import Disclosure, F, Kind
from app.registers.revealing import routes as revealing_routes


def masking_off() -> AbstractContextManager[Any]:
    """Rows hold what they should hold the mask of."""
    return patch.object(secrets, "masked", lambda _, fields, __=None: dict(fields))


def plain_to_all_staff() -> AbstractContextManager[Any]:
    """A record shown carries its values without anybody having asked."""

    async def all_of_them(work: Work, register: Any, shown: dict[str, Any]) -> None:
        names = [f.name for f in register.secrets if shown.get(f.name)]
        shown |= await secrets.values_of(work, register, shown["id"], names)

    return patch.object(secrets, "of_its_own", all_of_them)


def reveal_without_right() -> AbstractContextManager[Any]:
    """Whoever sees a record may ask for its values, wherever it is kept."""

    async def row(work: Work, register: Any, record_id: Any) -> Any:
        return await reading.row_of(work, register, record_id)

    async def nothing(*_: object) -> None:
        return None

    async def all_of_them(
        work: Work, register: Any, record_id: Any, _: str
    ) -> tuple[dict[str, str], int]:
        names = [f.name for f in register.secrets]
        return await secrets.values_of(work, register, record_id, names), 1

    @contextmanager
    def both() -> Iterator[None]:
        with (
            patch.object(revealing_routes, "require_right", row),
            patch.object(revealing_routes, "reveal", all_of_them),
        ):
            yield

    return both()


@contextmanager
def field_policy_off() -> Iterator[None]:
    """Every field is plain to whoever sees the record."""
    disclosure.visible_fields.cache_clear()
    with patch.object(F, "disclosure", lambda *_: Disclosure.plain):
        yield
    disclosure.visible_fields.cache_clear()


def bodies_in_the_log() -> AbstractContextManager[Any]:
    """What was sent is logged, to help whoever looks for an error."""
    kept = writing.checked

    def told(work: Work, register: Any, given: dict[str, Any], row: Any = None) -> Any:
        logging.getLogger("park.writing").warning("given %s", given)
        return kept(work, register, given, row)

    return patch.object(writing, "checked", told)


def errors_that_echo() -> AbstractContextManager[Any]:
    """A refusal repeats the value it refuses, and the log repeats the refusal."""
    kept = validation.invalid

    def told(errors: Any, skip: int = 0) -> Any:
        many = list(errors)
        logging.getLogger("park.http").warning("refused %s", [e.get("input") for e in many])
        return kept(many, skip)

    return patch.object(writing, "invalid", told)


def every_field_searched() -> AbstractContextManager[Any]:
    """The search index takes in what only some of its readers may see."""

    def every(register: Any) -> list[tuple[str, str]]:
        return [(f.name, "C") for f in register.fields if f.kind in (Kind.text, Kind.longtext)]

    return patch.object(keeping, "_searched", every)


def exports_in_plain() -> AbstractContextManager[Any]:
    """A file taken away has the values, not the masks."""
    kept = exporting._all  # noqa: SLF001 -- where a file's rows come from

    async def all_of_them(work: Work, register: Any, query: Any) -> AsyncIterator[dict[str, Any]]:
        names = [f.name for f in register.secrets]
        async for row in kept(work, register, query):
            yield dict(row) | await secrets.values_of(work, register, row["id"], names)

    return patch.object(exporting, "_all", all_of_them)


def values_on_the_trail() -> AbstractContextManager[Any]:
    """The trail keeps what was written beside who wrote it."""
    kept = writing.prepared_new

    async def told(work: Work, register: Any, given: Any, *rest: Any, **more: Any) -> Any:
        await work.note("create", register=register.name, detail={"given": str(given)})
        return await kept(work, register, given, *rest, **more)

    return patch.object(writing, "prepared_new", told)


Mutant = Callable[[], AbstractContextManager[Any]]
MUTANTS: tuple[Mutant, ...] = (
    masking_off,
    plain_to_all_staff,
    reveal_without_right,
    field_policy_off,
    bodies_in_the_log,
    errors_that_echo,
    every_field_searched,
    exports_in_plain,
    values_on_the_trail,
)
