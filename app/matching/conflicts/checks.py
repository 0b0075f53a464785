"""What each kind of rule looks for: functions of a matter, a person and the rule's parameters."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from app.core.labels import T
from app.matching.conflicts.matter import Matter
from app.matching.conflicts.rules import Evidence, Found, Purpose, Rule
from app.matching.names import bare
from app.matching.parties import Body, Engagement, Led, Person

#: What is said after a name that may be somebody else's.
ONLY_THE_NAME = T("（仅姓名相同，请核实是否本人）", " (only the name is the same: please verify)")
_SAID_NOTHING = ""
_FIELDS: dict[str, T] = {
    "organisation": T("工作单位", "organisation"),
    "employments": T("任职经历", "employments"),
    "shareholdings": T("持股与兼职", "shareholdings and offices"),
    "relations": T("近亲属任职", "relatives' organisations"),
    "avoid_organisations": T("回避单位", "organisations to avoid"),
}


def years_before(day: date, years: int) -> date:
    """Return the same day some years earlier; 29 February falls on the 28th."""
    return years_after(day, -years)


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; 29 February falls on the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _of(person: Person, field: str) -> Evidence:
    return Evidence("experts", person.id, field)


def _named(own: Body) -> str:
    return own.name or own.uscc or ""


def _tied(matter: Matter, person: Person, field: str, bodies: Iterable[Body]) -> Found | None:
    own = matter.among(bodies)
    return Found(_of(person, field), {"organisation": _named(own)}) if own else None


def _declared(person: Person) -> Iterator[tuple[str, Body]]:
    yield "organisation", person.body
    yield from (("employments", job.body) for job in person.jobs)
    yield from (("shareholdings", held.body) for held in person.interests)
    yield from (("relations", body) for body in person.relatives)
    yield from (("avoid_organisations", body) for body in person.avoided)


def identity_missing(matter: Matter, person: Person, _: Rule) -> Found | None:
    for field, body in _declared(person):
        if not matter.tells_apart(body):
            return Found(_of(person, field), {"field": _FIELDS[field]})
    return None


def subject_unknown(matter: Matter, _: Person, __: Rule) -> Found | None:
    subject = matter.subject
    field = "undertakers" if subject.register == "projects" else "enterprise_id"
    return None if matter.known else Found(Evidence(subject.register, subject.id, field))


def consent_missing(_: Matter, person: Person, __: Rule) -> Found | None:
    return None if person.consented else Found(_of(person, "consent_scope"))


def barred(_: Matter, person: Person, __: Rule) -> Found | None:
    return Found(_of(person, "state")) if person.barred else None


def unavailable(matter: Matter, person: Person, _: Rule) -> Found | None:
    if person.barred:
        return None  # said by a rule of its own
    if not person.active:
        return Found(_of(person, "state"))
    if person.available_from is not None and matter.day < person.available_from:
        return Found(_of(person, "available_from"), until=person.available_from)
    if person.available_to is not None and matter.day > person.available_to:
        return Found(_of(person, "available_to"), since=person.available_to)
    return None


def same_organisation(matter: Matter, person: Person, _: Rule) -> Found | None:
    now = (j.body for j in person.jobs if j.ended_on is None or j.ended_on >= matter.day)
    return _tied(matter, person, "organisation", (person.body,)) or _tied(
        matter, person, "employments", now
    )


def former_organisation(matter: Matter, person: Person, rule: Rule) -> Found | None:
    years = rule.parameters["years"]
    since = years_before(matter.day, years)
    for job in person.jobs:
        if job.ended_on is None or not since <= job.ended_on < matter.day:
            continue
        if own := matter.own(job.body):
            facts = {
                "organisation": _named(own),
                "until": job.ended_on.isoformat(),
                "years": years,
            }
            until = years_after(job.ended_on, years)
            return Found(_of(person, "employments"), facts, job.ended_on, until)
    return None


def interest(matter: Matter, person: Person, rule: Rule) -> Found | None:
    least = rule.parameters["percent"]
    held = (
        one.body
        for one in person.interests
        if one.office or one.share is None or one.share >= least
    )
    return _tied(matter, person, "shareholdings", held)


def relative(matter: Matter, person: Person, _: Rule) -> Found | None:
    return _tied(matter, person, "relations", person.relatives)


def avoided_organisation(matter: Matter, person: Person, _: Rule) -> Found | None:
    return _tied(matter, person, "avoid_organisations", person.avoided)


def named_by_applicant(matter: Matter, person: Person, rule: Rule) -> Found | None:
    subject = matter.subject
    cap = rule.parameters["cap"]
    named = set(map(bare, (*subject.avoided[:cap], *subject.avoided_besides[:cap])))
    if named.isdisjoint((bare(str(person.id)), bare(person.name))):
        return None
    field = "avoid_experts" if subject.avoided_in == "needs" else "avoid"
    return Found(Evidence(subject.avoided_in, subject.id, field))


def own_project(matter: Matter, person: Person, _: Rule) -> Found | None:
    if not matter.leader or matter.leader != bare(person.name):
        return None
    tied = matter.among(person.bodies) is not None
    facts = {"name": person.name, "note": _SAID_NOTHING if tied else ONLY_THE_NAME}
    return Found(Evidence(matter.subject.register, matter.subject.id, "leader_name"), facts)


def officer(matter: Matter, person: Person, _: Rule) -> Found | None:
    if bare(person.name) not in matter.officers:
        return None
    tied = matter.among(person.bodies) is not None
    facts = {"name": person.name, "note": _SAID_NOTHING if tied else ONLY_THE_NAME}
    return Found(_of(person, "name"), facts)


def _lasting(matter: Matter, until: date | None, years: int) -> bool:
    return until is None or until >= years_before(matter.day, years)


def co_project(matter: Matter, person: Person, rule: Rule) -> Found | None:
    years = rule.parameters["years"]
    for led in person.led:
        if led.id == matter.subject.id or not _lasting(matter, led.until, years):
            continue
        if own := matter.among(led.bodies):
            return _together(_led_by(led), own, led, years)
    for owned in person.owned:
        if not _lasting(matter, owned.until, years):
            continue
        own = matter.among(owned.bodies)
        if own or not owned.enterprises.isdisjoint(matter.subject.enterprises):
            evidence = Evidence("achievements", owned.id, "owner_name", owned.seen)
            facts = {
                "organisation": _named(own or matter.subject.bodies[0]),
                "years": years,
                "note": _SAID_NOTHING,
            }
            return Found(evidence, facts, owned.since, owned.until)
    return None


def _led_by(led: Led) -> Evidence:
    return Evidence("projects", led.id, "leader_name", led.seen)


def _together(evidence: Evidence, own: Body, led: Led, years: int) -> Found:
    note: object = _SAID_NOTHING if led.certain else ONLY_THE_NAME
    facts = {"organisation": _named(own), "years": years, "note": note}
    until = years_after(led.until, years) if led.until else None
    return Found(evidence, facts, led.since, until)


def past_service(matter: Matter, person: Person, rule: Rule) -> Found | None:
    years = rule.parameters["years"]
    since = years_before(matter.day, years)
    for task in person.engagements:
        itself = task.subject_id == matter.subject.id and rule.purpose is Purpose.match
        if task.register != "matches" or not task.accepted or task.on < since or itself:
            continue
        own = matter.among(task.bodies)
        if own or not task.enterprises.isdisjoint(matter.subject.enterprises):
            facts = {
                "organisation": _named(own or matter.subject.bodies[0]),
                "on": task.on.isoformat(),
                "years": years,
            }
            evidence = Evidence("matches", task.id, "candidate_id", task.seen)
            return Found(evidence, facts, task.on, years_after(task.on, years))
    return None


def similar_application(matter: Matter, person: Person, rule: Rule) -> Found | None:
    least = rule.parameters["percent"]
    for led in person.led:
        if not led.applying or led.id == matter.subject.id:
            continue
        share = round(100 * matter.alike(led))
        if share >= least:
            note = _SAID_NOTHING if led.certain else ONLY_THE_NAME
            return Found(_led_by(led), {"share": share, "percent": least, "note": note})
    return None


def load(matter: Matter, person: Person, rule: Rule) -> Found | None:
    caps = [c for c in (person.max_load, rule.parameters.get("cap")) if c is not None]
    if not caps:
        return None
    others = [t for t in person.engagements if t.subject_id != matter.subject.id]
    taken = sum(t.accepted and (t.running or t.on.year == matter.day.year) for t in others)
    return Found(_of(person, "max_load"), {"cap": min(caps)}) if taken >= min(caps) else None


def rotation(matter: Matter, person: Person, rule: Rule) -> Found | None:
    days = rule.parameters["days"]
    since = matter.day - timedelta(days=days)
    recent = [t for t in person.engagements if _reviews(t, matter) and since <= t.on <= matter.day]
    if not recent:
        return None
    last = max(recent, key=lambda task: task.on)
    evidence = Evidence("reviews", last.id, "state", last.seen)
    facts = {"on": last.on.isoformat(), "days": days}
    return Found(evidence, facts, last.on, last.on + timedelta(days=days))


def _reviews(task: Engagement, matter: Matter) -> bool:
    if task.batch is not None and task.batch == matter.subject.batch:
        return False  # judged together with this one: one occasion, not two
    return task.register == "reviews" and task.subject_id != matter.subject.id
