"""Personal values: the record holds a mask, the value lies encrypted in a table of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.audit.work import Work
from app.core import db, jobs, masking
from app.core.crypto import Envelope, blind_index, seal, unseal
from app.core.settings import get_settings
from app.registers.directory import AnyRegister
from app.registers.fields import Disclosure
from app.registers.tables import SecretValue, SecretVersion

#: How a personal value is shown in part, by what it is; anything else shows its last four signs.
_MASKS = {
    "phone": masking.mask_phone,
    "email": masking.mask_email,
    "id_number": masking.mask_identity_number,
}
_SHOWN = 4
KEPT_DAYS = 30  # as long as an edit may be undone
_FORGET = text("SELECT park_forget_secrets(:days)")
_ENVELOPE = ("key_id", "wrapped_key", "ciphertext", "blind_index")
Sealed = Mapping[str, Any]  # the columns of _ENVELOPE


def _mask(name: str, value: str) -> str:
    for ending, hide in _MASKS.items():
        if name.endswith(ending):
            return hide(value)
    return masking.mask_all_but_last(value, _SHOWN)


def masked(
    register: AnyRegister, fields: dict[str, Any], before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return ``fields`` with secret values replaced by their masks.

    A value equal to the stored mask means "unchanged" (a form sends back what it was shown).
    """
    out = dict(fields)
    for f in register.secrets:
        value = out.get(f.name)
        if value and (before is None or value != before.get(f.name)):
            out[f.name] = _mask(f.name, value)
    return out


@dataclass(frozen=True, slots=True)
class Write:
    """What one write does to the personal values of its record.

    ``body`` holds plain values to be sealed; ``sealed`` are envelopes put back as they once were
    (None: the value was empty), from :func:`sealed_at`.
    """

    row: Any
    before: Mapping[str, Any] | None
    body: Any = None
    sealed: Mapping[str, Sealed | None] = field(default_factory=dict)


async def store(work: Work, register: AnyRegister, writes: Sequence[Write]) -> None:
    """Keep the personal values of rows already written, and what each version left of them."""
    changed = [(w.row, n, value) for w in writes for n, value in _changes(register, w).items()]
    if not changed:
        return
    lines = [_line(register, row, name, value) for row, name, value in changed]
    kept = [line for line in lines if line["ciphertext"] is not None]
    gone = [(row.id, name) for row, name, value in changed if value is None]
    if kept:
        put = insert(SecretValue)
        put = put.on_conflict_do_update(
            index_elements=["region_id", "record_id", "field"],
            set_={name: put.excluded[name] for name in _ENVELOPE},
        )
        await work.session.execute(put, kept)
    if gone:
        key = tuple_(col(SecretValue.record_id), col(SecretValue.field))
        await work.session.execute(delete(SecretValue).where(key.in_(gone)))
    versions = [
        line | {"version": row.version, "at": row.updated_at}
        for line, (row, _, _) in zip(lines, changed, strict=True)
    ]
    await work.session.execute(
        insert(SecretVersion).on_conflict_do_nothing(),  # destroyed at the version that emptied it
        versions,
    )


def _line(register: AnyRegister, row: Any, name: str, value: Sealed | None) -> dict[str, Any]:
    return {
        "region_id": row.region_id,
        "node_id": row.node_id,
        "register_name": register.name,
        "record_id": row.id,
        "field": name,
        **(value or dict.fromkeys(_ENVELOPE)),
    }


def _changes(register: AnyRegister, write: Write) -> dict[str, Sealed | None]:
    """Return the envelopes a write sets, by field; None empties it."""
    found = dict(write.sealed)
    if write.body is None:
        return found
    secret, before = get_settings().secret(), write.before
    for f in register.secrets:
        value = getattr(write.body, f.name)
        if f.name in found or (value and before is not None and value == before.get(f.name)):
            continue
        if value:
            found[f.name] = _sealed(secret, register, write.row, f.name, value)
        elif before is not None and before.get(f.name):
            found[f.name] = None
    return found


def _sealed(secret: bytes, register: AnyRegister, row: Any, name: str, value: str) -> Sealed:
    sealed = seal(secret, value, _context(register, row.id, name))
    return {
        "wrapped_key": sealed.wrapped_key,
        "ciphertext": sealed.ciphertext,
        "key_id": sealed.key_id,
        "blind_index": blind_index(secret, value, name),
    }


async def sealed_at(
    work: Work, register: AnyRegister, versions: Mapping[UUID, int]
) -> dict[UUID, dict[str, Sealed | None]]:
    """Return the envelopes of records as one version of each left them, by field.

    A field is left out where nothing is known of it at that version: it never had a value then,
    or what it had is forgotten.
    """
    if not register.secrets or not versions:
        return {}
    found = await work.session.execute(
        select(SecretVersion)
        .where(col(SecretVersion.record_id).in_(versions))
        .order_by(col(SecretVersion.version))
    )
    told: dict[UUID, dict[str, Sealed | None]] = {}
    for line in found.scalars():
        if line.version <= versions[line.record_id]:
            envelope = None if line.ciphertext is None else {n: getattr(line, n) for n in _ENVELOPE}
            told.setdefault(line.record_id, {})[line.field] = envelope
    return told


async def destroy(work: Work, register: AnyRegister, row: Any) -> None:
    """Empty all personal values of a record; what they were is kept as long as it can come back."""
    emptied: dict[str, Sealed | None] = {f.name: None for f in register.secrets}
    await store(work, register, [Write(row, None, sealed=emptied)])


async def of_its_own(work: Work, register: AnyRegister, shown: dict[str, Any]) -> None:
    """Put the plain values into a record shown to the party it is about.

    Everybody else is shown masks and asks for one record's values with a reason
    (:mod:`app.registers.revealing`).
    """
    if work.actor.party_id is None:
        return
    plain = [f.name for f in register.secrets if f.disclosure(work.actor.role) is Disclosure.plain]
    there = [name for name in plain if shown.get(name)]
    shown |= await values_of(work, register, shown["id"], there)


async def values_of(
    work: Work, register: AnyRegister, record_id: UUID, names: Sequence[str]
) -> dict[str, str]:
    """Return plain values of one record by field; what is not kept is left out."""
    if not names:
        return {}
    found = await work.session.execute(
        select(SecretValue).where(
            col(SecretValue.record_id) == record_id,
            col(SecretValue.register_name) == register.name,
            col(SecretValue.field).in_(names),
        )
    )
    secret = get_settings().secret()
    return {
        value.field: unseal(
            secret,
            Envelope(value.key_id, value.wrapped_key, value.ciphertext),
            _context(register, record_id, value.field),
        )
        for value in found.scalars()
    }


async def value_of(work: Work, register: AnyRegister, record_id: UUID, field: str) -> str | None:
    """Return one plain value, for the house's own use (a letter to somebody); None if not kept."""
    return (await values_of(work, register, record_id, [field])).get(field)


def _context(register: AnyRegister, record_id: object, field: str) -> str:
    return f"{register.name}/{record_id}/{field}"


@jobs.task("secrets.tidy", cron="41 3 * * *")
async def tidy() -> None:
    """Destroy what later versions replaced, once nobody may take those back any more."""
    async with db.transaction("staff") as session:
        await session.execute(_FORGET, {"days": KEPT_DAYS})
