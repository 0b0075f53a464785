"""The matrix, field by field: asked about, sorted, counted, chosen, read, exported and written.

Asking about a field one does not read plainly must be answered as if there were no such field:
whether a masked value equals a guess would unmask it. What is written carries a field there is
none of, so that nobody's write takes effect, whatever it is answered.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from tests.access import oracle, rules, shapes
from tests.access.asgi import Question, written
from tests.access.field_oracle import sight
from tests.access.forms import Form
from tests.access.probes import ABSENT, Check, Probe
from tests.access.rules import Facts, Who
from tests.access.world import World

_COMPARISONS = ("", "__contains", "__gte", "__lte", "__isnull")
_NONE = "zz_no_such"  # stands for a field there is none of
_VALUE = "~probe~"  # nobody's value
_LATER = "2099-01-01"
_WRITES = (("patch", "PATCH"), ("revise", "PUT"))


def of_fields(world: World, form: Form) -> Iterator[Probe]:
    """Yield everything asked of a register's fields, by everybody."""
    for who, _ in world.actors.values():
        if who.role in oracle.SEES[form.register]:
            yield from _of_questions(form, who)
            yield from _of_states(world, form, who)
            yield from _of_words(form, who)
            yield from _of_shapes(world, form, who)
        yield from _of_writing(world, form, who)


def _of_questions(form: Form, who: Who) -> Iterator[Probe]:
    """Filters, sorts, facets and chosen fields: of every field, whoever reads it or not."""
    for field in sorted(form.fields):
        plain = sight(who.role, form.register, field) == "plain"
        for comparison in _COMPARISONS:
            name = f"{field}{comparison}"
            value = form.parameters.get(name, "1")
            there = plain and name in form.parameters
            question, none = _list(form, {name: value}), _list(form, {_NONE + comparison: value})
            yield _asked(form, who, there, question, none, name, _NONE + comparison)
        asked = plain and field in form.parameters
        told = {"sort": asked and not form.many(field), "facets": asked}
        told["fields"] = sight(who.role, form.register, field) != "hidden"
        for parameter, there in told.items():
            question, none = _list(form, {parameter: field}), _list(form, {parameter: _NONE})
            yield _asked(form, who, there, question, none, field, _NONE)
        question, none = _list(form, {"sort": f"-{field}"}), _list(form, {"sort": f"-{_NONE}"})
        yield _asked(form, who, told["sort"], question, none, field, _NONE)


def _asked(
    form: Form,
    who: Who,
    there: bool,  # noqa: FBT001 -- part of a table's row
    question: Question,
    none: Question,
    name: str,
    unknown: str,
) -> Probe:
    verdict: rules.Verdict = "allow" if there else "unknown"
    check = shapes.keys(form, who) if there and "fields=" not in question.query else None
    return Probe(
        f"{form.name}_list", who.role, "list", question, verdict, 200, none, name, unknown, check
    )


def _list(form: Form, query: dict[str, str]) -> Question:
    return Question("GET", f"/api/v1/{form.register}", urlencode({"limit": "5"} | query))


def _of_states(world: World, form: Form, who: Who) -> Iterator[Probe]:
    """Ask for the records in each state: those of them the specification shows, and how many."""
    states = {f.state for f in world.facts[form.register] if f.state}
    for state in sorted(states):
        mine = shapes.seen(world, form.register, who, state)
        query = {"limit": "500", "count": "true", "state": state, "fields": "state"}
        question = _list(form, query)
        check = shapes.listed(mine)
        yield Probe(
            f"{form.name}_list",
            who.role,
            state,
            question,
            "allow",
            200,
            detail=state,
            check=check,
        )


def _of_words(form: Form, who: Who) -> Iterator[Probe]:
    """Search for planted words: who may not read them finds nothing by them either."""
    for planted, readers in oracle.SECRETS.items():
        if who.role not in readers:
            question = _list(form, {"q": planted})
            check = shapes.listed(frozenset())
            yield Probe(f"{form.name}_list", who.role, "words", question, "allow", 200, check=check)


def _of_shapes(world: World, form: Form, who: Who) -> Iterator[Probe]:
    """Look which fields an answer carries: records, as they were, their past, exports."""
    check = shapes.keys(form, who)
    url = f"/api/v1/{form.register}"
    for place, record in (world.places[form.register] | world.standing[form.register]).items():
        verdict = rules.on_record(who, record, "read")
        one, none = f"{url}/{record.id}", f"{url}/{ABSENT}"
        if verdict == "allow":
            yield _told(form, who, "read", place, Question("GET", one), check)
    for place, record in world.places[form.register].items():
        past = rules.on_record(who, record, "history")
        one, none = f"{url}/{record.id}", f"{url}/{ABSENT}"
        as_of = f"as_of={_LATER}"
        question, absent = Question("GET", one, as_of), Question("GET", none, as_of)
        yield Probe(f"{form.name}_read", who.role, place, question, past, 200, absent, check=check)
        if past == "allow":
            told = shapes.changes(form, who)
            yield _told(form, who, "history", place, Question("GET", f"{one}/history"), told)
    if who.role in oracle.MAY[form.register]["export"]:
        told = shapes.lines(form, who)
        yield _told(form, who, "export", "all", Question("GET", f"{url}/export.jsonl"), told)


def _told(form: Form, who: Who, verb: str, place: str, asked: Question, check: Check) -> Probe:
    return Probe(
        f"{form.name}_{verb}", who.role, place, asked, "allow", 200, detail="shape", check=check
    )


def _of_writing(world: World, form: Form, who: Who) -> Iterator[Probe]:
    """Write every field of a record, also those the house sets itself, and of a new one."""
    records = world.places[form.register] | world.standing[form.register]
    initial = min((at for at in records if at.startswith("own:")), default="own")
    for field in sorted(form.fields):
        value = [_VALUE] if form.many(field) else _VALUE
        given: dict[str, object] = {field: value, _NONE: 1}
        check = shapes.refusals(form, who, field)
        url = f"/api/v1/{form.register}"
        created = rules.on_register(who, form.register, "create")
        yield Probe(
            f"{form.name}_create",
            who.role,
            "new",
            written("POST", url, given),
            created,
            422,
            detail=field,
            check=check if created == "allow" else None,
        )
        for verb, method in _WRITES:
            for place in {"own", initial}:
                record = records[place]
                yield _write(form, who, (verb, method), place, record, given, field, check)


def _write(
    form: Form,
    who: Who,
    way: tuple[str, str],
    place: str,
    record: Facts,
    given: dict[str, object],
    field: str,
    check: Check,
) -> Probe:
    verb, method = way
    verdict = rules.on_record(who, record, verb)
    url, version = f"/api/v1/{form.register}", f'"{record.version}"'
    question = written(method, f"{url}/{record.id}", given, if_match=version)
    absent = written(method, f"{url}/{ABSENT}", given, if_match=version)
    told: rules.Verdict = "closed" if verdict == "allow" else verdict
    return Probe(
        f"{form.name}_{verb}",
        who.role,
        place,
        question,
        told,
        422,
        absent,
        detail=field,
        check=check if verdict == "allow" else None,
    )
