"""What a screen must know of a register, for one actor, in one language."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from app.audit.work import Work
from app.core.labels import T
from app.registers.batch_plan import may_batch
from app.registers.directory import AnyRegister
from app.registers.disclosure import askable_fields, visible_fields
from app.registers.doubles.dismissing import seekers
from app.registers.doubles.rights import mergers
from app.registers.fields import Disclosure, F, Kind
from app.registers.lifecycle import Move
from app.registers.ordering import UNSORTABLE
from app.registers.revealing.service import revealed_to
from app.registers.showing import may_write
from app.registers.together.rights import talkers


class Choice(BaseModel):
    value: str
    label: str


class FieldSchema(BaseModel):
    """One field as this actor meets it."""

    name: str
    label: str
    help: str | None
    type: Kind
    unit: str | None
    required: bool
    min_length: int | None
    max_length: int | None
    minimum: float | None
    maximum: float | None
    pattern: str | None
    choices: list[Choice] | None
    reference: str | None
    reference_by: str | None
    scheme: str | None
    columns: list["FieldSchema"] | None
    section: str
    writable: bool
    disclosure: str
    filters: list[str]
    sortable: bool
    facet: bool
    in_list: bool
    natural_key: bool
    revealable: bool  # shown as a mask; told for a reason, record by record


class StateSchema(BaseModel):
    value: str
    label: str
    tone: str


class MoveSchema(BaseModel):
    name: str
    label: str
    tone: str
    form: list[FieldSchema]


class SectionSchema(BaseModel):
    name: str
    label: str


class RightsSchema(BaseModel):
    create: bool
    delete: bool
    imports: bool
    export: bool
    attach: bool
    talk: bool
    batch: bool
    seek: bool  # doubles among the records
    merge: bool


class RegisterSummary(BaseModel):
    name: str
    label: str
    label_one: str
    floor: str
    rights: RightsSchema


class RegisterSchema(RegisterSummary):
    title_field: str
    default_sort: str
    sections: list[SectionSchema]
    fields: list[FieldSchema]
    states: list[StateSchema] | None
    moves: list[MoveSchema]


def summary(work: Work, register: AnyRegister) -> RegisterSummary:
    """Return the register's name and this actor's rights over it."""
    role, rights = work.actor.role, register.rights
    return RegisterSummary(
        name=register.name,
        label=register.label.in_(work.locale),
        label_one=register.label_one.in_(work.locale),
        floor=register.floor,
        rights=RightsSchema(
            create=role in rights.create,
            delete=role in rights.delete,
            imports=role in rights.import_,
            export=role in rights.export,
            attach=role in rights.attach,
            talk=role in talkers(register),
            batch=may_batch(register, role),
            seek=bool(register.duplicates) and role in seekers(register),
            merge=role in mergers(register),
        ),
    )


def schema(work: Work, register: AnyRegister) -> RegisterSchema:
    """Return everything a screen needs to list, show, fill in and move this register's records."""
    visible = visible_fields(register, work.actor.role)
    life = register.lifecycle
    return RegisterSchema(
        **summary(work, register).model_dump(),
        title_field=register.title_field,
        default_sort=register.default_sort,
        sections=[
            SectionSchema(name=name, label=label.in_(work.locale))
            for name, label in register.sections.items()
        ],
        fields=[_field(work, register, f) for f in visible.values()],
        states=[
            StateSchema(value=value, label=state.label.in_(work.locale), tone=state.tone)
            for value, state in life.states.items()
        ]
        if life
        else None,
        moves=[_move(work, name, move) for name, move in life.moves.items()] if life else [],
    )


def _move(work: Work, name: str, move: Move[Any]) -> MoveSchema:
    return MoveSchema(
        name=name,
        label=move.label.in_(work.locale),
        tone=move.tone,
        form=[plain_field(work, f) for f in move.form_fields],
    )


def _field(work: Work, register: AnyRegister, f: F) -> FieldSchema:
    asked = f.name in askable_fields(register, work.actor.role)
    found = plain_field(work, f)
    found.writable = may_write(f, work.actor)
    found.required = found.required or work.actor.role in f.required_for
    found.revealable = revealed_to(f, work.actor.role)
    found.disclosure = Disclosure.masked if found.revealable else f.disclosure(work.actor.role)
    found.filters = _filters(f) if asked and f.kind not in (Kind.rows, Kind.longtext) else []
    found.sortable = asked and f.kind not in UNSORTABLE
    found.facet = asked and f.facet
    found.natural_key = f.name == register.natural_key
    return found


def _filters(f: F) -> list[str]:
    more = ["gte", "lte"] if f.ranges else ["contains"] if f.kind is Kind.text else []
    return ["eq", "isnull", *more]


def plain_field(work: Work, f: F) -> FieldSchema:
    """Return a field with its words, before any right is considered (columns, forms of moves)."""
    shape, locale = f.known, work.locale
    bounds: Mapping[str, Any] = shape.bounds
    return FieldSchema(
        name=f.name,
        label=f.label.in_(locale),
        help=f.help.in_(locale) if f.help else None,
        type=f.kind,
        unit=f.unit.in_(locale) if f.unit else None,
        required=shape.required,
        min_length=bounds.get("min_length"),
        max_length=bounds.get("max_length"),
        minimum=bounds.get("minimum"),
        maximum=bounds.get("maximum"),
        pattern=bounds.get("pattern"),
        choices=_choices(f, locale),
        reference=f.reference,
        reference_by=f.reference_by,
        scheme=f.scheme,
        columns=[plain_field(work, column) for column in f.columns] or None,
        section=f.section,
        writable=not f.computed,
        disclosure="plain",
        filters=[],
        sortable=False,
        facet=False,
        in_list=f.in_list,
        natural_key=False,
        revealable=False,
    )


def _choices(f: F, locale: str) -> list[Choice] | None:
    words: Mapping[str, T] = f.choices or {}
    if f.known.enum is None and not words:
        return None
    values = [str(v) for v in f.known.enum] if f.known.enum else list(words)
    return [Choice(value=v, label=words[v].in_(locale) if v in words else v) for v in values]
