"""From selected columns to the answer: fields, labels, and what the actor may do now."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Protocol

from app.access.actor import Actor
from app.access.roles import named
from app.audit.work import Work
from app.core.clock import CIVIL
from app.core.labels import T
from app.registers.directory import AnyRegister
from app.registers.disclosure import ALWAYS, visible_fields
from app.registers.fields import Disclosure, F, Kind
from app.registers.lifecycle import Verdict, verdict

_HIDDEN = "_k"
#: Why not, and what fills in the words.
Refusal = tuple[T, Mapping[str, object]]


class Catalogue(Protocol):
    """What the engine asks the floor of the code tables; put in by ``app.registry``."""

    def label(self, scheme: str, code: str, locale: str) -> str | None: ...

    def choices(self, scheme: str) -> list[tuple[str, Mapping[str, str]]]: ...


_CATALOGUES: list[Catalogue] = []
_NOBODY = frozenset[Any]()
_CLOSED = T(
    "「{state}」状态下不能修改；请先用页面上的办理步骤改变状态，或联系负责单位。",
    "Cannot be edited while {state}; a step of the procedure must come first, or ask whoever is in"
    " charge.",
)
_NOT_YOURS = T("只有{who}可以修改，请联系他们办理。", "Only {who} may edit this; ask one of them.")
_NOBODY_EDITS = T(
    "这类记录登记后不能修改；如有误，请用办理步骤更正。",
    "Such records are not edited; if one is wrong, put it right by a step of the procedure.",
)


def read_codes_with(catalogue: Catalogue) -> None:
    """Take the reader of the code tables."""
    _CATALOGUES[:] = [catalogue]


def code_label(scheme: str, code: str, locale: str) -> str | None:
    """Return what a catalogue calls ``code``."""
    return _CATALOGUES[0].label(scheme, code, locale) if _CATALOGUES else None


def code_choices(scheme: str) -> list[tuple[str, Mapping[str, str]]]:
    """Return the codes of a short catalogue with their labels by language; [] of a long one."""
    return _CATALOGUES[0].choices(scheme) if _CATALOGUES else []


def record(
    work: Work, register: AnyRegister, row: Mapping[str, Any], *, reasons: bool = True
) -> dict[str, Any]:
    """Return one record as this actor is shown it; ``reasons`` adds why moves are refused."""
    fields = visible_fields(register, work.actor.role)
    out = {name: row[name] for name in (*ALWAYS, *fields) if name in row}
    if work.actor.party_id not in (None, out.get("owner_id")):
        out["owner_id"] = None  # whose it is, is told by the fields that may tell it
    out["labels"] = labels(fields, row, work.locale)
    now = SimpleNamespace(**{name.removeprefix(_HIDDEN): value for name, value in row.items()})
    told = _verdict(register, work.actor, now)
    out["moves"] = list(told.allowed)
    if reasons:
        out["refused"] = {
            name: text.filled(work.locale, params) for name, (text, params) in told.refused.items()
        }
        why = edit_refusal(register, work.actor, now)
        if why:
            out["refused"]["revise"] = why[0].filled(work.locale, why[1])
    out["editable"] = editable(register, work.actor, now)
    return out


def _verdict(register: AnyRegister, actor: Actor, row: Any) -> Verdict:
    return verdict(register.lifecycle, actor, row) if register.lifecycle else Verdict((), {})


def editable(register: AnyRegister, actor: Actor, row: Any) -> list[str]:
    """Return the fields this actor may write now."""
    if edit_refusal(register, actor, row):
        return []
    fixed = register.fixed(row) if register.fixed else ()
    return [f.name for f in register.fields if may_write(f, actor) and f.name not in fixed]


def may_write(f: F, actor: Actor) -> bool:
    """Say whether the actor may write a field of a record it may edit: only what it sees."""
    seen = f.disclosure(actor.role) is not Disclosure.hidden
    return seen and f.writable(actor.role)


def never_edits(register: AnyRegister, actor: Actor) -> Refusal | None:
    """Return why this role edits no such record in any state, or None."""
    by = register.rights.revise
    if register.lifecycle:
        by = by.union(*register.lifecycle.editable.values())
    if not by:
        return _NOBODY_EDITS, {}
    return None if actor.role in by else (_NOT_YOURS, {"who": named(by)})


def edit_refusal(register: AnyRegister, actor: Actor, row: Any) -> Refusal | None:
    """Return why this actor may not edit the record now, or None."""
    if register.lifecycle:
        by = register.lifecycle.editable.get(row.state, _NOBODY)
        if not by:
            return _CLOSED, {"state": register.lifecycle.states[row.state].label}
    else:
        by = register.rights.revise
        if not by:
            return _NOBODY_EDITS, {}
    if actor.role not in by:
        return _NOT_YOURS, {"who": named(by)}
    why = register.may_edit(actor, row) if register.may_edit else None
    return (why, {}) if why else None


def labels(fields: Mapping[str, F], row: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """Return the words of what the fields only name: references, codes, choices."""
    found: dict[str, Any] = {}
    for name, f in fields.items():
        value = row.get(name)
        if value is None or name not in row:
            continue
        if f.kind is Kind.reference:
            found[name] = row.get(f"{_HIDDEN}label_{name}")
        elif f.kind is Kind.references:
            told = row.get(f"{_HIDDEN}label_{name}") or {}
            found[name] = [told.get(str(one), "") for one in value]  # "": not this actor's to see
        elif f.kind in (Kind.code, Kind.choice):
            found[name] = word(f, value, locale)
        elif f.kind in (Kind.choices, Kind.codes):
            found[name] = [word(f, v, locale) for v in value]
    return found


def word(f: F, value: Any, locale: str) -> str:
    """Return the label of one choice or code; the value itself when nobody knows it."""
    if f.scheme:
        return code_label(f.scheme, str(value), locale) or str(value)
    told = (f.choices or {}).get(str(value))
    return told.in_(locale) if told else str(value)


def spoken(f: F, value: Any, locale: str) -> str | None:
    """Return a value as a person reads it (history, exports)."""
    if value is None:
        return None
    if f.many:
        said = _line if f.kind is Kind.rows else word
        return _joined(said(f, part, locale) for part in value)
    return _SPOKEN.get(f.kind, _plainly)(f, value, locale)


def _yes_no(_: F, value: bool, locale: str) -> str:  # noqa: FBT001 -- the value itself
    return T("是", "yes").in_(locale) if value else T("否", "no").in_(locale)


def _coded(f: F, value: Any, locale: str) -> str:
    label = word(f, value, locale)
    return f"{value} {label}" if label != value else label


def _local_time(_: F, value: Any, __: str) -> str:
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return str(instant.astimezone(CIVIL).strftime("%Y-%m-%d %H:%M"))


def _plainly(_: F, value: Any, __: str) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


_SPOKEN: Mapping[Kind, Callable[[F, Any, str], str]] = {
    Kind.boolean: _yes_no,
    Kind.code: _coded,
    Kind.choice: word,
    Kind.datetime: _local_time,
}


def _line(f: F, line: Mapping[str, Any], locale: str) -> str:
    told = (spoken(column, line.get(column.name), locale) for column in f.columns)
    return " ".join(text for text in told if text)


def _joined(parts: Iterable[str]) -> str:
    return "；".join(parts)
