"""The field policy, applied once: what a role may not see is not selected; masked is masked in SQL.

Lists, single reads, filters, sorts, facets, search, exports, history and feeds all ask here.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import SQLModel

from app.access.roles import Role
from app.registers.fields import Disclosure, F
from app.registers.register import Register

#: What every record carries besides its fields.
ALWAYS = ("id", "version", "node_id", "owner_id", "created_at", "updated_at")


@lru_cache(maxsize=4096)
def visible_fields(register: "Register[Any, Any]", role: Role) -> Mapping[str, F]:
    """Return the fields ``role`` sees of ``register``, plain or masked."""
    return {
        name: f
        for name, f in register.all_fields.items()
        if f.disclosure(role) is not Disclosure.hidden
    }


@lru_cache(maxsize=4096)
def askable_fields(register: "Register[Any, Any]", role: Role) -> Mapping[str, F]:
    """Return the fields ``role`` may filter, sort and count by: those it sees plainly.

    Asking whether a masked value equals a guess would unmask it.
    """
    return {
        name: f
        for name, f in register.all_fields.items()
        if f.disclosure(role) is Disclosure.plain and f.filter and not f.secret
    }


def column(row: type[SQLModel], f: F, role: Role) -> ColumnElement[Any]:
    """Return the SQL of a field as ``role`` gets it."""
    found: ColumnElement[Any] = getattr(row, f.name)
    if f.disclosure(role) is Disclosure.masked and not f.secret:
        return func.left(found, 1).concat("**").label(f.name)
    return found


def shown(register: "Register[Any, Any]", role: Role, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored row (a version) as ``role`` may see it; the twin of :func:`column`."""
    out = {name: row.get(name) for name in ALWAYS}
    for name, f in visible_fields(register, role).items():
        value = row.get(name)
        masked = f.disclosure(role) is Disclosure.masked and not f.secret
        out[name] = f"{str(value)[:1]}**" if masked and value is not None else value
    return out
