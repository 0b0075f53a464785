"""Personal values: the record holds a mask, the value lies encrypted in a table of its own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.audit.work import Work
from app.core import masking
from app.core.crypto import Envelope, blind_index, seal, unseal
from app.core.settings import get_settings
from app.registers.directory import AnyRegister
from app.registers.fields import Disclosure
from app.registers.tables import SecretValue

#: How a personal value is shown in part, by what it is; anything else shows its last four signs.
_MASKS = {
    "phone": masking.mask_phone,
    "email": masking.mask_email,
    "id_number": masking.mask_identity_number,
}
_SHOWN = 4


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


async def store(
    work: Work, register: AnyRegister, row: Any, body: Any, before: Mapping[str, Any] | None
) -> None:
    """Encrypt the secret values of ``body`` beside ``row``; an emptied one is forgotten."""
    secret = get_settings().secret()
    for f in register.secrets:
        value = getattr(body, f.name)
        if value and before is not None and value == before.get(f.name):
            continue
        if not value:
            if before is not None and before.get(f.name):
                await _forget(work, row, f.name)
            continue
        sealed = seal(secret, value, _context(register, row.id, f.name))
        columns = {
            "wrapped_key": sealed.wrapped_key,
            "ciphertext": sealed.ciphertext,
            "key_id": sealed.key_id,
            "blind_index": blind_index(secret, value, f.name),
        }
        key = {"region_id": row.region_id, "record_id": row.id, "field": f.name}
        await work.session.execute(
            insert(SecretValue)
            .values(**key, **columns, node_id=row.node_id, register_name=register.name)
            .on_conflict_do_update(index_elements=list(key), set_=columns)
        )


async def _forget(work: Work, row: Any, field: str) -> None:
    await work.session.execute(
        delete(SecretValue).where(
            col(SecretValue.record_id) == row.id, col(SecretValue.field) == field
        )
    )


async def reveal(work: Work, register: AnyRegister, shown: dict[str, Any]) -> None:
    """Put the plain values into one record for a role that may read them plainly."""
    plain = {f.name for f in register.secrets if f.disclosure(work.actor.role) is Disclosure.plain}
    if not plain & {name for name, value in shown.items() if value}:
        return
    found = await work.session.execute(
        select(SecretValue).where(
            col(SecretValue.record_id) == shown["id"], col(SecretValue.field).in_(plain)
        )
    )
    secret = get_settings().secret()
    for value in found.scalars():
        envelope = Envelope(value.key_id, value.wrapped_key, value.ciphertext)
        context = _context(register, value.record_id, value.field)
        shown[value.field] = unseal(secret, envelope, context)


async def value_of(work: Work, register: AnyRegister, record_id: UUID, field: str) -> str | None:
    """Return one plain value, for the house's own use (a letter to somebody); None if not kept."""
    found = await work.session.execute(
        select(SecretValue).where(
            col(SecretValue.record_id) == record_id,
            col(SecretValue.register_name) == register.name,
            col(SecretValue.field) == field,
        )
    )
    value = found.scalar_one_or_none()
    if value is None:
        return None
    envelope = Envelope(value.key_id, value.wrapped_key, value.ciphertext)
    return unseal(get_settings().secret(), envelope, _context(register, record_id, field))


def _context(register: AnyRegister, record_id: object, field: str) -> str:
    return f"{register.name}/{record_id}/{field}"
