"""Every state of every lifecycle as an object to probe, near, far and handed up.

Walking a hundred records through their procedures would take minutes; the owner of the database
copies the record of a place once per state instead. What the copies are is read back afterwards
like everything else, so the oracle judges facts.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from app.registers import directory

NEAR, FAR, UP = "own", "foreign", "raised"
_UP = ("needs", "experts")  # whose sight from above depends on more than place and state
_INSTANT = "2026-11-02T08:00:00+00:00"
_CONFIRMED = {"confirmed_at": _INSTANT}
_WITH: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("needs", "confirmed"): _CONFIRMED,
    ("needs", "follow_up"): _CONFIRMED,
    ("needs", "suspended"): {"suspended_from": "accepted"},
    ("draws", "void"): {"void_reason": "样例"},
}


def populate(
    owner: sa.Engine, tables: Mapping[str, str], named: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Copy the records of three places once per state; return per register "place:state" -> id.

    ``tables`` are the registers' tables, ``named`` their records by place.
    """
    standing: dict[str, dict[str, str]] = {}
    serial = count(1)
    with owner.begin() as connection:
        for register, places in named.items():
            standing[register] = {}
            for place, state in _wanted(register):
                base = places[place]
                changes = _fresh(register, next(serial)) | {"state": state}
                changes |= _needed(register, state, base)
                _copy(connection, tables[register], base, changes)
                standing[register][f"{place}:{state}"] = str(changes["id"])
    return standing


def _wanted(register: str) -> Iterator[tuple[str, str]]:
    life = directory.named(register).lifecycle
    for place in (NEAR, FAR, *([UP] if register in _UP else [])):
        for state in life.states if life else ():
            yield place, state.value


def _needed(register: str, state: str, base: str) -> Mapping[str, Any]:
    """Return what a record cannot be in this state without."""
    if (register, state) == ("needs", "merged"):
        return {"merged_into": base}
    if register == "draws" and state in ("drawn", "released", "published"):
        return {"seed": "0a" * 32}
    if register == "draws" and state in ("planned", "frozen", "committed"):
        return {"seed": None, "released_at": None}
    return _WITH.get((register, state), {})


def _fresh(register: str, number: int) -> dict[str, Any]:
    """Return what no two records of a register may share."""
    new: dict[str, dict[str, Any]] = {
        "enterprises": {"uscc": f"9132{number:014d}"},
        "needs": {"number": f"样-{number}"},
        "matches": {"candidate_id": str(uuid4())},
        "reviews": {"expert_id": str(uuid4()), "replaces": None},
    }
    return {"id": str(uuid4())} | new.get(register, {})


def _copy(connection: sa.Connection, table: str, base: str, changes: Mapping[str, Any]) -> None:
    copied = sa.text(
        f'INSERT INTO "{table}" SELECT (jsonb_populate_record(t, :changes)).*'
        f' FROM "{table}" t WHERE id = :base'
    ).bindparams(sa.bindparam("changes", type_=JSONB))
    connection.execute(copied, {"changes": dict(changes), "base": base})
    for beside in ("party_link", "record_version"):
        connection.execute(
            sa.text(
                f"INSERT INTO {beside} SELECT (jsonb_populate_record(b, jsonb_build_object("
                f"'record_id', CAST(:id AS text)))).* FROM {beside} b WHERE record_id = :base"
                " ON CONFLICT DO NOTHING"
            ),
            {"id": changes["id"], "base": base},
        )
