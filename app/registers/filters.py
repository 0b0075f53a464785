"""Query parameters of a register's list, generated from its fields; typed for OpenAPI."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model
from sqlalchemy import ColumnElement, Text, Uuid, cast, or_
from sqlalchemy.dialects.postgresql import ARRAY, array

from app.access.actor import Actor
from app.core.errors import FieldError, Invalid
from app.core.instants import Day, Instant, LastInstant
from app.core.labels import T
from app.core.validation import invalid
from app.registers.directory import AnyRegister
from app.registers.disclosure import ALWAYS, askable_fields, visible_fields
from app.registers.fields import F, Kind

MOST = 500
_NO_FIELDS = T(
    "没有这些字段：{names}。请去掉它们，或从列表中选择。",
    "There are no such fields: {names}. Take them out, or choose from the list.",
)


class ListQuery(BaseModel):
    """What every list takes, whatever the register."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    q: str | None = Field(default=None, max_length=200, description="Words; initials too")
    sort: str | None = Field(default=None, max_length=200, description="name,-created_at")
    after: str | None = Field(default=None, max_length=2000, description="`next` of the last page")
    offset: int | None = Field(
        default=None, ge=0, le=1_000_000, description="Or: pass over so many records"
    )
    limit: int = Field(default=50, ge=1, le=MOST)
    count: bool = Field(default=False, description="Also count all matching records")
    facets: str | None = Field(default=None, max_length=200, description="state,kind")
    fields: str | None = Field(default=None, max_length=2000, description="Only these fields")


@cache
def query_model(register: AnyRegister) -> type[ListQuery]:
    """Return the query model of ``register``: one parameter per field and comparison."""
    parameters: dict[str, Any] = {}
    for f in register.all_fields.values():
        if not f.filter or f.secret or f.kind in (Kind.rows, Kind.longtext):
            continue
        one = f.known.python if not f.many else (f.known.enum or str)
        one = UUID if f.kind is Kind.references else one
        one = Instant if f.kind is Kind.datetime else Day if f.kind is Kind.date else one
        about = f.label.en
        parameters[f.name] = (list[one] | None, Field(default=None, description=about))  # type: ignore[valid-type]
        if f.kind is Kind.text:
            said = Field(default=None, max_length=200, description=f"{about}: these words in it")
            parameters[f"{f.name}__contains"] = (str | None, said)
        if f.ranges:
            last = LastInstant if one is Instant else one
            parameters[f"{f.name}__gte"] = (one | None, Field(default=None, description=about))
            parameters[f"{f.name}__lte"] = (last | None, Field(default=None, description=about))
        parameters[f"{f.name}__isnull"] = (bool | None, Field(default=None, description=about))
    parameters["id"] = (list[UUID] | None, Field(default=None, description="Only these records"))
    return create_model(f"{register.row.__name__}Query", __base__=ListQuery, **parameters)


def conditions(
    register: AnyRegister, actor: Actor, query: ListQuery, skip: str | None = None
) -> list[ColumnElement[bool]]:
    """Return the SQL of the filters in ``query``; ``skip`` leaves one field's out (facets).

    Raises Invalid for a field this actor may not ask about, worded as if there were none.
    """
    asked = {
        name: getattr(query, name)
        for name in query.model_fields_set
        if name not in ListQuery.model_fields and getattr(query, name) is not None
    }
    allowed = askable_fields(register, actor.role)
    unknown = [n for n in asked if n != "id" and n.partition("__")[0] not in allowed]
    if unknown:
        raise invalid({"type": "extra_forbidden", "loc": (n,)} for n in sorted(unknown))
    found = []
    for name, value in asked.items():
        field_name, _, comparison = name.partition("__")
        if field_name != skip:
            found.append(_condition(register, allowed, field_name, comparison, value))
    return found


def fields_asked(register: AnyRegister, actor: Actor, query: ListQuery) -> frozenset[str] | None:
    """Return the fields a list is narrowed to; None: all. Raises Invalid as for a filter."""
    if not query.fields:
        return None
    asked = [name.strip() for name in query.fields.split(",")]
    there = {*ALWAYS, *visible_fields(register, actor.role), "state"}
    unknown = sorted({name for name in asked if name and name not in there})
    if unknown:
        params = {"names": ", ".join(unknown)}
        raise Invalid.of(FieldError("/fields", "extra_forbidden", _NO_FIELDS, params))
    return frozenset(asked)


_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "gte": lambda sql, value: sql >= value,
    "lte": lambda sql, value: sql <= value,
    "contains": lambda sql, value: sql.icontains(value, autoescape=True),
    "isnull": lambda sql, value: sql.is_(None) if value else sql.is_not(None),
}


def _condition(
    register: AnyRegister, allowed: Mapping[str, F], name: str, comparison: str, value: Any
) -> Any:
    sql: Any = getattr(register.row, name)
    if comparison:
        return _COMPARED[comparison](sql, value)
    f = allowed.get(name)  # None: the id, which every record has
    if f is not None and f.kind is Kind.references:
        return sql.op("&&")(cast(array(value), ARRAY(Uuid)))
    if f is not None and f.many:
        return sql.op("?|")(cast(array([str(v) for v in value]), ARRAY(Text)))
    if f is not None and f.kind is Kind.code:  # a code asks for all below it: 35 finds 3562
        return or_(*(sql.startswith(v, autoescape=True) for v in value))
    return sql.in_(value) if len(value) > 1 else sql == value[0]
