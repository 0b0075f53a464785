"""The one file from which an outsider derives the whole draw again (tools/verify_draw.py)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.matching.drawing.canonical import canonical, sha
from app.matching.drawing.chance import PROTOCOL
from app.matching.drawing.pool import Entry, in_place
from app.matching.drawing.seats import Seat, Seating


def terms(
    draw_id: str,
    *,
    seats: Sequence[Seat],
    per_unit_max: int,
    alternates: int,
    parties: Sequence[str],
    further: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what is settled before chance speaks; its hash goes into the seed.

    ``further`` are facts that bind but do not compute: title, rule and software version, quotas.
    """
    return dict(further) | {
        "id": draw_id,
        "protocol": PROTOCOL,
        "seats": [sorted(seat.needs) for seat in seats],
        "per_unit_max": per_unit_max,
        "alternates": alternates,
        "parties": sorted(parties),
    }


def seats_of(told: Mapping[str, Any]) -> list[Seat]:
    """Return the seats that stand in the terms."""
    return [Seat(frozenset(needs)) for needs in told["seats"]]


def seated(seating: Seating, **further: Any) -> dict[str, Any]:
    """Return the facts of the log's entry for a seat that was filled."""
    return further | {
        "seat": seating.seat,
        "gone": list(seating.gone),
        "by": seating.by.id if seating.by else None,
        "passed": list(seating.passed),
    }


def bundle(
    terms_: Mapping[str, Any],
    entries: Iterable[Entry],
    events: Sequence[Mapping[str, Any]],
    result: Mapping[str, Any],
) -> bytes:
    """Return the bundle's bytes: canonical JSON with the digest of everything else in it."""
    content = {
        "terms": dict(terms_),
        "entries": [entry.told() for entry in in_place(entries)],
        "events": [dict(event) for event in events],
        "result": dict(result),
    }
    return canonical(content | {"digest": sha(content)})
