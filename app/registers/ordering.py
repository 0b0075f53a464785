"""Sorting and keyset pages: stable while rows arrive, the same cost on page 1 and on page 1,000."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Integer, Text, and_, cast, func, or_, type_coerce

from app.access.actor import Actor
from app.core.errors import BadRequest, FieldError, Invalid
from app.core.labels import T
from app.registers.directory import AnyRegister
from app.registers.disclosure import askable_fields
from app.registers.fields import F, Kind

UNSORTABLE = frozenset(
    {Kind.rows, Kind.tags, Kind.choices, Kind.codes, Kind.longtext, Kind.references}
)
_LEAST: dict[Any, Any] = {
    str: "",
    int: -(2**62),
    Decimal: Decimal("-1e30"),
    date: date(1, 1, 1),
    datetime: datetime(1, 1, 1, tzinfo=UTC),
    bool: False,
    UUID: UUID(int=0),
}
_NO_SORT = T(
    "不能按「{field}」排序，请选择其他列。",
    "The list cannot be sorted by {field}; choose another column.",
    "不能按「{field}」排序，請選擇其他欄。",
)
_BAD_CURSOR = T("翻页标记无效，请从第一页重新开始。", "The cursor is not valid; start again.")


@dataclass(frozen=True, slots=True)
class Key:
    """One sorting expression, never null, its Python type and direction."""

    name: str
    sql: ColumnElement[Any]
    python: Any
    descending: bool


def keys(register: AnyRegister, actor: Actor, sort: str) -> list[Key]:
    """Return the sorting keys of ``sort``, the id last. Raises Invalid."""
    allowed = askable_fields(register, actor.role)
    found: list[Key] = []
    for part in sort.split(","):
        name, descending = part.strip().removeprefix("-"), part.strip().startswith("-")
        f = allowed.get(name)
        if f is None or f.kind in UNSORTABLE:
            raise Invalid.of(FieldError("/sort", "unsortable", _NO_SORT, {"field": name}))
        found.append(_key(register, f, descending=descending))
    found.append(Key("id", id_of(register), UUID, found[0].descending))
    return found


def id_of(register: AnyRegister) -> ColumnElement[Any]:
    """Return the id column: unique, so that it ends every order."""
    found: ColumnElement[Any] = register.row.__table__.c.id
    return found


def _key(register: AnyRegister, f: F, *, descending: bool) -> Key:
    name = f"{f.name}_py" if f.pinyin else f.name
    info = register.row.model_fields[name]
    python = str if f.pinyin or f.kind in (Kind.choice, Kind.code) else f.known.python
    sql: Any = getattr(register.row, name)
    if f.kind is Kind.choice:
        sql = type_coerce(sql, Text)  # compared as text: the least, "", is no member
    if not f.pinyin and info.annotation is not f.known.python:  # may be null: sorts as the least
        wide = cast(sql, BigInteger) if python is int else sql  # the least fits no smallint
        sql = func.coalesce(wide, _LEAST[python])
    if python is bool:  # SQL has no order of truth values that SQLAlchemy would write
        return Key(f.name, cast(sql, Integer), int, descending)
    return Key(f.name, sql, python, descending)


def ordering(found: Sequence[Key]) -> list[ColumnElement[Any]]:
    return [key.sql.desc() if key.descending else key.sql.asc() for key in found]


def beyond(found: Sequence[Key], cursor: str) -> ColumnElement[bool]:
    """Return the predicate of all rows after the one ``cursor`` names. Raises BadRequest."""
    values = _read(found, cursor)
    steps = []
    for place, (key, value) in enumerate(zip(found, values, strict=True)):
        ahead = key.sql < value if key.descending else key.sql > value
        same = [k.sql == v for k, v in zip(found[:place], values, strict=False)]
        steps.append(and_(*same, ahead))
    first, value = found[0], values[0]
    bound = first.sql <= value if first.descending else first.sql >= value
    return and_(bound, or_(*steps))  # the bound lets an index start in the right place


def cursor_at(found: Sequence[Key], values: Sequence[Any]) -> str:
    """Return the opaque cursor of the row with these key values."""
    told = [v.isoformat() if isinstance(v, date) else str(v) for v in values]
    return urlsafe_b64encode(json.dumps([_signature(found), *told]).encode()).decode().rstrip("=")


def _signature(found: Sequence[Key]) -> str:
    named = ",".join(f"{key.name}:{key.descending}" for key in found)
    return hashlib.sha256(named.encode()).hexdigest()[:8]


def _read(found: Sequence[Key], cursor: str) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        signature, *told = json.loads(urlsafe_b64decode(padded))
        told = told if signature == _signature(found) else []  # of another order: too few
        return [_typed(key.python, value) for key, value in zip(found, told, strict=True)]
    except (ValueError, TypeError, ArithmeticError, NotBase64, RecursionError) as exc:
        raise BadRequest(_BAD_CURSOR) from exc


def _typed(python: Any, value: Any) -> Any:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError(value)
    if python is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    if python is date:
        return date.fromisoformat(value)
    if python is float:
        return float(value)
    return python(value)
