"""A field as the screens, the spreadsheets and the filters know it: type, words, rights.

Types, bounds and requiredness come from the body's own annotations; ``F`` adds only what an
annotation cannot say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.access.roles import Role
from app.core.labels import T


class Kind(StrEnum):
    """How a field is edited and filtered."""

    text = "text"
    longtext = "longtext"
    integer = "integer"
    decimal = "decimal"
    date = "date"
    datetime = "datetime"
    boolean = "boolean"
    choice = "choice"
    choices = "choices"
    tags = "tags"
    reference = "reference"
    references = "references"
    code = "code"
    codes = "codes"
    rows = "rows"


class Disclosure(StrEnum):
    """What a role gets of a field it may see, see in part, or not see."""

    plain = "plain"
    masked = "masked"
    hidden = "hidden"


_LONG = 200  # characters; beyond, a text gets a box of several lines
_PLAIN_TYPES: Mapping[type, Kind] = {
    str: Kind.text,
    int: Kind.integer,
    Decimal: Kind.decimal,
    date: Kind.date,
    datetime: Kind.datetime,
    bool: Kind.boolean,
    UUID: Kind.reference,
}
_RANGES = frozenset({Kind.integer, Kind.decimal, Kind.date, Kind.datetime})
_MANY = frozenset({Kind.choices, Kind.tags, Kind.codes, Kind.rows, Kind.references})


@dataclass(frozen=True, slots=True)
class Shape:
    """What the body's annotation says of a field."""

    kind: Kind
    python: Any
    required: bool
    enum: type[StrEnum] | None = None
    model: type[BaseModel] | None = None
    bounds: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)  # compared and hashed as itself
class F:
    """One field of a register, as people meet it."""

    name: str
    label: T
    help: T | None = None
    section: str = ""
    unit: T | None = None
    choices: Mapping[str, T] | None = None
    reference: str | None = None  # the register its value points into
    reference_by: str | None = None  # or the choice field that names that register, row by row
    scheme: str | None = None  # the catalogue its code is of
    columns: tuple["F", ...] = ()  # of a repeating group
    synonyms: tuple[str, ...] = ()  # other headers a clerk's workbook may carry
    search: str | None = None  # weight A..D in the search document
    pinyin: bool = False  # sorted by the column <name>_py
    filter: bool = True
    facet: bool = False
    in_list: bool = False
    sheet: bool = True  # a column of templates, imports and exports
    secret: bool = False  # kept encrypted; the row holds its mask
    computed: bool = False  # set by the house, never by an author
    disclosed: Mapping[Role, Disclosure] | None = None  # None: plain to all who see the record
    writers: frozenset[Role] | None = None  # None: whoever may write the record
    required_for: frozenset[Role] = frozenset()  # though the body can do without it
    shape: Shape | None = None
    targets: tuple[str, ...] = ()  # what ``reference_by`` may name; set when bound

    @property
    def known(self) -> Shape:
        """The shape; every field of a built register has one."""
        if self.shape is None:
            msg = f"field {self.name} was not bound to a body"
            raise TypeError(msg)
        return self.shape

    @property
    def kind(self) -> Kind:
        return self.known.kind

    @property
    def many(self) -> bool:
        return self.kind in _MANY

    @property
    def ranges(self) -> bool:
        """Whether it can be compared with ``gte`` and ``lte``."""
        return self.kind in _RANGES

    def disclosure(self, role: Role) -> Disclosure:
        """Return what ``role`` gets of it; a role the table leaves out gets nothing."""
        if self.disclosed is None:
            return Disclosure.masked if self.secret else Disclosure.plain
        return self.disclosed.get(role, Disclosure.hidden)

    @property
    def leads_to(self) -> tuple[str, ...]:
        """The registers its value may point into."""
        if self.reference:
            return (self.reference,)
        return self.targets

    def writable(self, role: Role) -> bool:
        return not self.computed and (self.writers is None or role in self.writers)


def bound(declared: F, info: FieldInfo) -> F:
    """Return ``declared`` with its shape read off the body's annotation."""
    annotation, optional = _without_none(info.annotation)
    shape = _shape(declared, annotation, info, required=not optional and info.is_required())
    return replace(declared, shape=shape, columns=_columns(declared, shape))


def computed(declared: F, info: FieldInfo) -> F:
    """Return a field the house sets itself, its shape read off the row's annotation."""
    plain, _ = _without_none(info.annotation)
    shape = _shape(declared, plain, info, required=False)
    return replace(declared, shape=shape, columns=_columns(declared, shape), computed=True)


def _columns(declared: F, shape: Shape) -> tuple[F, ...]:
    if shape.model is None:
        return declared.columns
    return tuple(bound(c, shape.model.model_fields[c.name]) for c in declared.columns)


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType):
        rest = [part for part in get_args(annotation) if part is not NoneType]
        return rest[0], len(rest) < len(get_args(annotation))
    return annotation, False


def _shape(declared: F, annotation: Any, info: FieldInfo, *, required: bool) -> Shape:
    bounds = _bounds(info)
    if get_origin(annotation) is list:
        inner = get_args(annotation)[0]
        if isinstance(inner, type) and issubclass(inner, StrEnum):
            return Shape(Kind.choices, annotation, required, enum=inner, bounds=bounds)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return Shape(Kind.rows, annotation, required, model=inner, bounds=bounds)
        if inner is UUID:  # a uuid[] column
            return Shape(Kind.references, annotation, required, bounds=bounds)
        kind = Kind.codes if declared.scheme else Kind.tags
        return Shape(kind, annotation, required, bounds=bounds)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return Shape(Kind.choice, annotation, required, enum=annotation, bounds=bounds)
    kind = _PLAIN_TYPES[annotation]
    if kind is Kind.text and declared.scheme:
        kind = Kind.code
    elif kind is Kind.text and (bounds.get("max_length") or _LONG + 1) > _LONG:
        kind = Kind.longtext
    return Shape(kind, annotation, required, bounds=bounds)


_BOUNDS = {
    "min_length": "min_length",
    "max_length": "max_length",
    "ge": "minimum",
    "le": "maximum",
    "pattern": "pattern",
}


def _bounds(info: FieldInfo) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for constraint in info.metadata:
        for attribute, name in _BOUNDS.items():
            value = getattr(constraint, attribute, None)
            if value is not None:
                found[name] = value
    return found
