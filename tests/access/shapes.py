"""What an answer of the right status may carry: which fields, records, changes, refusals."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tests.access import rules
from tests.access.asgi import Answer
from tests.access.field_oracle import shown, sight, writes
from tests.access.forms import Form
from tests.access.probes import Check
from tests.access.rules import Who
from tests.access.world import World


def keys(form: Form, who: Who) -> Check:
    """Return a check that a record, or each of a list, carries the fields ``who`` reads."""
    expected = shown(who.role, form.register, form.fields)

    def check(answer: Answer) -> str | None:
        told = answer.json()
        for record in told.get("items", [told]):
            there = form.fields & set(record)
            if there != expected:
                return f"shows {sorted(there - expected)}, leaves out {sorted(expected - there)}"
            plain = _unmasked(form, who, record)
            if plain:
                return plain
        return None

    return check


def _unmasked(form: Form, who: Who, record: Mapping[str, Any]) -> str | None:
    """Say which value that is shown masked stands there plainly."""
    for name in form.fields & set(record):
        value = record[name]
        masked = sight(who.role, form.register, name) == "masked"
        if masked and value is not None and "*" not in str(value):
            return f"shows {name} unmasked"
    return None


def lines(form: Form, who: Who) -> Check:
    """Return a check that no line of an export carries a field ``who`` does not read."""
    expected = shown(who.role, form.register, form.fields)

    def check(answer: Answer) -> str | None:
        for line in answer.body.splitlines():
            record = json.loads(line)
            more = (form.fields & set(record)) - expected
            if more:
                return f"exports {sorted(more)}"
            plain = _unmasked(form, who, record)
            if plain:
                return plain
        return None

    return check


def changes(form: Form, who: Who) -> Check:
    """Return a check that a record's past tells of no field ``who`` does not read."""
    expected = shown(who.role, form.register, form.fields)

    def check(answer: Answer) -> str | None:
        told = [c for version in answer.json()["items"] for c in version["changes"]]
        more = {c["field"] for c in told} - expected
        if more:
            return f"tells of {sorted(more)}"
        values = ({c["field"]: c[side]} for c in told for side in ("old", "new"))
        return next((said for one in values if (said := _unmasked(form, who, one))), None)

    return check


def listed(mine: frozenset[str]) -> Check:
    """Return a check that a list shows exactly these records, and counts them if it counts."""

    def check(answer: Answer) -> str | None:
        told = answer.json()
        found = {record["id"] for record in told["items"]}
        if found != mine:
            return f"shows {len(found - mine)} of others, leaves out {len(mine - found)}"
        if told["total"] not in (None, len(mine)):
            return f"counts {told['total']} of {len(mine)}"
        return None

    return check


def seen(world: World, register: str, who: Who, state: str) -> frozenset[str]:
    """Return the ids of the records in ``state`` the specification shows ``who``."""
    records = world.facts[register]
    return frozenset(f.id for f in records if f.state == state and rules.sees(who, f))


def refusals(form: Form, who: Who, field: str) -> Check:
    """Return a check that a refused write names ``field`` if and only if ``who`` may not write it.

    Of a field an author writes, whether its value is a good one is another matter.
    """
    own = field in form.written and writes(who.role, form.register, field)

    def check(answer: Answer) -> str | None:
        if answer.status == 403:  # closed to editing in this state
            return None
        said = _errors(answer)
        if own:
            return "says it is not to be written" if "not_writable" in said(field) else None
        return None if said(field) else "accepts it"

    return check


def _errors(answer: Answer) -> Any:
    errors: Iterable[Mapping[str, Any]] = answer.json().get("errors", ())

    def of(field: str) -> set[str]:
        return {e["code"] for e in errors if e["pointer"].split("/")[1] == field}

    return of
