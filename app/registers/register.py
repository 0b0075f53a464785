"""The declaration: one ``Register`` ties a row, its words, its rights and its life together."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import SQLModel

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.work import Work
from app.core.errors import FieldError
from app.core.labels import T
from app.core.tables import Record
from app.registers.fields import F, bound, computed
from app.registers.lifecycle import Lifecycle

RowT = TypeVar("RowT", bound=Record)
BodyT = TypeVar("BodyT", bound=SQLModel)


class Floor(StrEnum):
    """Where a register stands in the menu."""

    ledgers = "ledgers"
    libraries = "libraries"
    matching = "matching"


class Fence(StrEnum):
    """Which rows the database's own wall lets staff read: their nodes', or also those above."""

    nodes = "nodes"
    library = "library"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a new record belongs. ``parties`` are the enterprises and experts who see it."""

    region_id: int
    node_id: int
    owner_id: UUID | None = None
    parties: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """Which roles may do what with a register; who may see *which rows* is ``visible_to``."""

    read: frozenset[Role]
    create: frozenset[Role] = frozenset()
    revise: frozenset[Role] = frozenset()  # of a register without states; else by state
    delete: frozenset[Role] = frozenset()
    export: frozenset[Role] = frozenset()
    import_: frozenset[Role] = frozenset()
    attach: frozenset[Role] = frozenset()
    history: frozenset[Role] | None = None  # None: whoever reads


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """Why two records may be the same: one of ``fields`` is equal, or reads alike.

    A text is compared without script, width, case and punctuation; a secret value by its blind
    index. ``least`` is the share of character pairs two texts have in common, 1 for equality.
    """

    why: T
    fields: tuple[str, ...]
    least: float = 1.0
    within: str | None = None  # and this field is equal too: needs of one enterprise
    ignoring: str = ""  # a pattern of what names of this kind all have: 有限公司


@dataclass(frozen=True, slots=True)
class Change(Generic[RowT]):
    """What is about to be, or was just, written: ``before`` is None for a new record."""

    row: RowT
    before: Mapping[str, Any] | None
    form: Any = None


def _aimed(fields: tuple[F, ...]) -> tuple[F, ...]:
    """Tell each reference whose register another field names which registers these can be."""
    choices = {f.name: tuple(f.choices or ()) for f in fields}
    return tuple(
        replace(f, targets=choices[f.reference_by]) if f.reference_by else f for f in fields
    )


Place = Callable[[Work, Any], Awaitable[Placement]]
Hook = Callable[[Work, Change[Any]], Awaitable[None]]


async def at_own_node(work: Work, _: Any) -> Placement:
    """Place a record at its author's node."""
    actor = work.actor
    return Placement(actor.region_id, actor.node_id, actor.party_id)


def nothing_wrong(_: Any) -> Sequence[FieldError]:
    """Accept every body: the default of ``check``."""
    return ()


@dataclass(frozen=True, eq=False)
class Register(Generic[RowT, BodyT]):
    """Everything particular about one kind of record. ``built`` before use (``directory`` does)."""

    name: str
    label: T
    label_one: T
    floor: Floor
    row: type[RowT]
    body: type[BodyT]
    fields: tuple[F, ...]
    title_field: str
    rights: Rights
    visible_to: Callable[[Actor], ColumnElement[bool]]
    lifecycle: Lifecycle[RowT] | None = None
    fence: Fence = Fence.nodes
    sections: Mapping[str, T] = field(default_factory=dict)
    natural_key: str | None = None  # the field a spreadsheet row is recognised by
    default_sort: str = "-created_at"
    place: Place = at_own_node
    check: Callable[[Any], Sequence[FieldError]] = nothing_wrong  # pure; also the dry run's
    check_write: Hook | None = None  # with the database: references, rights over fields
    derive: Callable[[RowT], None] | None = None  # sets computed columns
    after_write: Hook | None = None
    on_move: Mapping[str, Hook] = field(default_factory=dict)
    may_edit: Callable[[Actor, RowT], T | None] | None = None  # why not, beyond state and role
    fixed: Callable[[RowT], Collection[str]] | None = None  # fields that stay as they are by now
    computed_fields: tuple[F, ...] = ()
    sheet_figures: Any = None  # sheet_columns.SheetFigures: measured columns of a workbook
    guard_columns: tuple[str, ...] = ()  # what guards read besides the visible fields
    evidence: bool = False  # of a draw or review: what it names is neither unmade nor merged away
    duplicates: tuple[DuplicateRule, ...] = ()  # by which two records may be one; none: no merge
    gather: Callable[[Work, Any], Awaitable[None]] | None = None  # after a merge, before writing

    def built(self) -> "Register[RowT, BodyT]":
        """Return the register with every field bound to the body's annotations.

        Raises KeyError for a field the body lacks, TypeError for a body field left unsaid.
        """
        said = {f.name for f in self.fields}
        unsaid = set(self.body.model_fields) - said
        if unsaid:
            msg = f"{self.name}: no label for {sorted(unsaid)}"
            raise TypeError(msg)
        fields = _aimed(tuple(bound(f, self.body.model_fields[f.name]) for f in self.fields))
        own = tuple(computed(f, self.row.model_fields[f.name]) for f in self.computed_fields)
        return replace(self, fields=fields, computed_fields=own + self._system_fields())

    def _system_fields(self) -> tuple[F, ...]:
        found = [
            F("created_at", T("登记时间", "Created"), sheet=False),
            F("updated_at", T("更新时间", "Updated"), sheet=False),
        ]
        if self.lifecycle:
            labels = {state.value: told.label for state, told in self.lifecycle.states.items()}
            found.insert(
                0, F("state", T("状态", "State"), choices=labels, facet=True, in_list=True)
            )
        return tuple(computed(f, self.row.model_fields[f.name]) for f in found)

    @cached_property
    def all_fields(self) -> Mapping[str, F]:
        """Every field by name: the author's, then the computed ones."""
        return {f.name: f for f in (*self.fields, *self.computed_fields)}

    @cached_property
    def secrets(self) -> tuple[F, ...]:
        return tuple(f for f in self.fields if f.secret)
