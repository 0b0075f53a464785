"""Counts per value, after visibility and filters; each facet leaves its own filter out."""

from typing import Any

from sqlalchemy import Select, func, select

from app.audit.work import Work
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.registers.directory import AnyRegister
from app.registers.disclosure import askable_fields
from app.registers.fields import F, Kind
from app.registers.filters import ListQuery
from app.registers.models import FacetValue
from app.registers.reading import joined, scope
from app.registers.showing import word
from app.registers.suppression import UPWARD, parts

_MOST = 100
_NO_FACET = T(
    "「{field}」不能分组计数，请选择其他项目。",
    "{field} cannot be counted by value; choose another field.",
)


async def facets(
    work: Work, register: AnyRegister, query: ListQuery
) -> dict[str, list[FacetValue]] | None:
    """Return the facets ``query`` asks for. Raises Invalid."""
    if not query.facets:
        return None
    askable = askable_fields(register, work.actor.role)
    found: dict[str, list[FacetValue]] = {}
    for name in query.facets.split(","):
        f = askable.get(name.strip())
        if f is None or f.kind in (Kind.rows, Kind.longtext):
            raise Invalid.of(FieldError("/facets", "no_facet", _NO_FACET, {"field": name}))
        found[f.name] = await _facet(work, register, query, f)
    return found


async def _facet(work: Work, register: AnyRegister, query: ListQuery, f: F) -> list[FacetValue]:
    value: Any = getattr(register.row, f.name)
    if f.many:
        of_ids = f.kind is Kind.references  # an array; codes and tags are JSON
        value = func.unnest(value) if of_ids else func.jsonb_array_elements_text(value)
    value = value.label("value")
    where, found = scope(register, work, query, skip=f.name)
    inner: Select[Any] = joined(select(value), register, found).where(*where)
    table = inner.subquery()
    statement = (
        select(table.c.value, func.count().label("count"))
        .where(table.c.value.is_not(None))
        .group_by(table.c.value)
        .order_by(func.count().desc(), table.c.value)
        .limit(_MOST)
    )
    rows = (await work.session.execute(statement)).all()
    counts = [int(count) for _, count in rows]
    told: list[int | None] = list(counts)
    if work.actor.role in UPWARD:
        told = parts(counts, None if f.many else await _whole(work, register, where, found))
    return [
        FacetValue(value=value, label=word(f, value, work.locale), count=count)
        for (value, _), count in zip(rows, told, strict=True)
        if count is not None
    ]


async def _whole(work: Work, register: AnyRegister, where: Any, found: Any) -> int:
    """Return how many records the values part among them, those without a value too."""
    statement = joined(select(func.count()).select_from(register.row), register, found)
    return int(await work.session.scalar(statement.where(*where)) or 0)
