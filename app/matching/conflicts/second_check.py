"""A second look at whoever was chosen, by plain code over raw rows.

It shares nothing with the rules it checks: no names' keys, no compiled matters, no kinds. Slow,
simple, and asked after every selection; where the two disagree, one of them is wrong. It knows the
grave conflicts only, and their periods, which a region may have changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.matching.conflicts.second_names import Row, company, plain, right_code, same, told_apart

#: Per conflict its period in years (or days, percent, number), None where it is switched off.
Limits = Mapping[str, int | None]

_GRAVE: Mapping[str, int] = {
    "consent_missing": 0,
    "barred": 0,
    "unavailable": 0,
    "same_organisation": 0,
    "former_organisation": 3,
    "interest": 0,
    "relative": 0,
    "avoided_organisation": 0,
    "named_by_applicant": 3,
    "own_project": 0,
    "officer": 0,
}
_OF_REVIEWS: Mapping[str, int] = {"co_project": 3, "past_service": 3, "rotation": 30}
#: By purpose, the conflicts looked for and their periods where a region has no word of its own.
DEFAULTS: Mapping[str, Mapping[str, int]] = {
    "match": _GRAVE,
    "review": {**_GRAVE, **_OF_REVIEWS},
}


def _years_ago(day: date, years: int) -> date:
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year - years, day.month, last)


def clashes(expert: Row, matter: Row, day: date, limits: Limits) -> list[str]:
    """Return the codes of what keeps ``expert`` away from ``matter``.

    ``expert`` is a raw row of the library with ``led``, ``owned`` and ``tasks`` beside it;
    ``matter`` has ``bodies``, ``leader_name``, ``officers``, ``avoided`` and ``enterprises``.
    """
    found = [*_identity(expert, matter)]
    found += [code for code in _of_person(expert, day) if limits.get(code) is not None]
    found += _of_ties(expert, matter, limits)
    found += _of_jobs(expert, matter, day, limits)
    found += _of_names(expert, matter, limits)
    found += _of_dealings(expert, matter, day, limits)
    return list(dict.fromkeys(found))


def _organisation(row: Row) -> Row:
    return {"name": row.get("organisation"), "uscc": row.get("uscc")}


def _declared(expert: Row) -> Iterator[Row]:
    yield {"name": expert.get("organisation"), "uscc": expert.get("organisation_uscc")}
    for field in ("employments", "shareholdings", "relations", "avoid_organisations"):
        yield from map(_organisation, expert.get(field) or ())


def _identity(expert: Row, matter: Row) -> Iterator[str]:
    for one in _declared(expert):
        if not company(one["name"]) and not right_code(one["uscc"]):
            yield "identity_missing"
        if any(not _told_from(one, own, matter["bodies"]) for own in matter["bodies"]):
            yield "identity_missing"
    known = [own for own in matter["bodies"] if company(own["name"]) or right_code(own["uscc"])]
    if not matter.get("general") and (not known or len(known) < len(matter["bodies"])):
        yield "subject_unknown"


def _of_person(expert: Row, day: date) -> Iterator[str]:
    if not expert.get("consent_given_on") or "match" not in expert["consent_scope"]:
        yield "consent_missing"
    if expert["state"] == "barred":
        yield "barred"
    elif expert["state"] != "active":
        yield "unavailable"
    first, last = _day(expert.get("available_from")), _day(expert.get("available_to"))
    if (first and day < first) or (last and day > last):
        yield "unavailable"


def _day(told: Any) -> date | None:
    return date.fromisoformat(told) if isinstance(told, str) else told


def _told_from(one: Row, own: Row, bodies: Sequence[Row]) -> bool:
    """Say whether ``one`` can be compared with what ``own`` is called anywhere in the matter."""
    return any(told_apart(one, twin) for twin in bodies if twin is own or same(twin, own))


def _ours(row: Row, matter: Row) -> bool:
    return any(same(row, own) for own in matter["bodies"])


def _of_ties(expert: Row, matter: Row, limits: Limits) -> Iterator[str]:
    for held in expert.get("shareholdings") or ():
        least, share = limits.get("interest"), held.get("share")
        if least is None:
            break
        counts = held.get("office") or share is None or float(share) >= least
        if counts and _ours(_organisation(held), matter):
            yield "interest"
    for field, code in (("relations", "relative"), ("avoid_organisations", "avoided_organisation")):
        for row in expert.get(field) or ():
            if limits.get(code) is not None and _ours(_organisation(row), matter):
                yield code


def _of_jobs(expert: Row, matter: Row, day: date, limits: Limits) -> Iterator[str]:
    now, years = limits.get("same_organisation"), limits.get("former_organisation")
    if now is not None and _ours(next(_declared(expert)), matter):
        yield "same_organisation"
    for job in expert.get("employments") or ():
        if not _ours(_organisation(job), matter):
            continue
        ended = _day(job.get("ended_on"))
        if ended is None or ended >= day:
            yield from ["same_organisation"] * (now is not None)
        elif years is not None and ended >= _years_ago(day, years):
            yield "former_organisation"


def _of_names(expert: Row, matter: Row, limits: Limits) -> Iterator[str]:
    name, most = plain(expert["name"]), limits.get("named_by_applicant")
    for wishes in (matter.get("avoided", ()), matter.get("avoided_besides", ())):
        if most is not None and {name, plain(str(expert["id"]))} & set(map(plain, wishes[:most])):
            yield "named_by_applicant"
    if limits.get("own_project") is not None and plain(matter.get("leader_name")) == name:
        yield "own_project"
    if limits.get("officer") is not None and name in map(plain, matter.get("officers", ())):
        yield "officer"


def _of_dealings(expert: Row, matter: Row, day: date, limits: Limits) -> Iterator[str]:
    def ours(rows: Iterable[Row], ids: Iterable[Any] = ()) -> bool:
        shared = set(ids) & set(matter.get("enterprises", ()))
        return bool(shared) or any(same(r, own) for r in rows for own in matter["bodies"])

    years = limits.get("co_project")
    for one in (*expert.get("led", ()), *expert.get("owned", ())):
        until = _day(one.get("until"))
        if years is None or one["id"] == matter["id"] or (until and until < _years_ago(day, years)):
            continue
        if ours(one["bodies"], one.get("enterprise_ids", ())):
            yield "co_project"
    years, days = limits.get("past_service"), limits.get("rotation")
    for task in expert.get("tasks", ()):
        asked = _day(task["on"]) or day
        if task["register"] == "matches" and years is not None and task["accepted"]:
            if asked >= _years_ago(day, years) and ours(task["bodies"], task["enterprise_ids"]):
                yield "past_service"
        elif task["register"] == "reviews" and days is not None:
            recent = timedelta(0) <= day - asked <= timedelta(days=days)
            together = task.get("batch") is not None and task["batch"] == matter.get("batch")
            if recent and task["subject_id"] != matter["id"] and not together:
                yield "rotation"


def first_clash(
    experts: Sequence[Row], matter: Row, day: date, limits: Limits
) -> tuple[Row, list[str]] | None:
    """Return the first of the chosen who should not have been, with the codes; None if all may."""
    for expert in experts:
        if found := clashes(expert, matter, day, limits):
            return expert, found
    return None
