"""Bugs put in on purpose: the cases of bench/conflicts.py must find each, or they prove little.

Every mutant is something a programmer might really have written.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from app.core.text import fold
from app.matching import names
from app.matching.conflicts import BUILT_IN, Code, RuleSet, checks, second_check, second_names
from app.matching.conflicts import matter as matters
from app.matching.conflicts.rules import Found, Rule
from app.matching.names import NO_KEYS, Keys, bare
from app.matching.parties import Body
from bench import conflict_run

Patches = Callable[[ExitStack], object]
_NEVER = re.compile("(?!)")
_CACHES: tuple[Any, ...] = (
    names.bare,
    names.keys_of,
    names.sound_code,
    names.code_of,
    second_names.plain,
    second_names.company,
    second_names._names,  # noqa: SLF001 -- a bench may look inside
    second_names._houses,  # noqa: SLF001
)


def _forget() -> None:
    for cached in _CACHES:
        cached.cache_clear()


@contextmanager
def mutated(patches: Patches) -> Iterator[None]:
    """Let the product have a bug while the block lasts."""
    _forget()
    try:
        with ExitStack() as stack:
            patches(stack)
            yield
    finally:
        _forget()


def _instead(target: object, name: str, value: object) -> Patches:
    return lambda stack: stack.enter_context(patch.object(target, name, value))


def _finds(code: Code, finds: Callable[[Any, Any, Rule], Found | None]) -> Patches:
    def rules(given: RuleSet) -> RuleSet:
        return RuleSet(
            tuple(
                replace(rule, kind=replace(rule.kind, finds=finds)) if rule.code is code else rule
                for rule in given.rules
            )
        )

    return _instead(conflict_run, "_RULES", [rules(one) for one in conflict_run._RULES])  # noqa: SLF001


def _nothing(*_: object) -> None:
    return None


def _literally(matter: Any, person: Any, rule: Rule) -> Found | None:
    same = matter.subject.leader_name == person.name
    return checks.own_project(matter, person, rule) if same else None


def _only_ids(matter: Any, person: Any, rule: Rule) -> Found | None:
    by_id = bare(str(person.id)) in map(bare, matter.subject.avoided)
    return checks.named_by_applicant(matter, person, rule) if by_id else None


def _home_only(matter: Any, person: Any, rule: Rule) -> Found | None:
    return checks.same_organisation(matter, replace(person, jobs=()), rule)


def _one_day_less(matter: Any, person: Any, rule: Rule) -> Found | None:
    days = {"days": rule.parameters["days"] - 1}
    return checks.rotation(matter, person, replace(rule, parameters=days))


def _year_of_365_days(day: date, years: int) -> date:
    return day - timedelta(days=365 * years)


def _day_short(day: date, years: int) -> date:
    return checks.years_after(day, -years) + timedelta(days=1)


def _unless_coded(self: Any, body: Any) -> Any:
    """Take two right codes that differ for two organisations, whatever the names say."""
    if body.coded() and self.all_coded:
        return self._codes.get(names.code_of(body.uscc))
    return _OWN(self, body)


_OWN = matters.Matter.own
_COMPLETED = matters.completed


def _current_names(bodies: Any) -> Any:
    return _COMPLETED([body for body in bodies if not body.former])


def _known_is_enough(_: Any, body: Any) -> bool:
    return bool(body.known())


def _any_code(code: str | None) -> str | None:
    return names.code_of(code)


def _both(*patches: Patches) -> Patches:
    def enter(stack: ExitStack) -> None:
        for one in patches:
            one(stack)

    return enter


def _as_phrases(name: str | None) -> str:
    return re.sub(r"[\W_]+", "", fold(name)) if name else ""


class _Unchanged:
    def convert(self, text: str) -> str:
        return text


def _as_typed(name: str | None) -> Keys:
    return Keys(frozenset({name}), frozenset(), frozenset()) if name else NO_KEYS


def _strictly(day: date, years: int) -> date:
    return checks.years_after(day, -years) + timedelta(days=1)


#: In the rules: what a bug does -> how it is put in.
IN_THE_RULES: Mapping[str, Patches] = {
    "names compared as typed": _instead(matters, "keys_of", _as_typed),
    "traditional characters not folded": _instead(names, "_simplified", dict),
    "characters folded as phrases": _both(
        _instead(checks, "bare", _as_phrases), _instead(matters, "bare", _as_phrases)
    ),
    "departments not recognised": _instead(names, "_DEPARTMENT", _NEVER),
    "two departments of one house taken for two": _instead(names, "_LEGAL_PERSON", _NEVER),
    "legal forms taken for different names": _instead(names, "_FORM", _NEVER),
    "remarks about oneself kept in the name": _instead(names, "_STATUS", _NEVER),
    "credit codes ignored": _instead(matters, "code_of", _nothing),
    "names ignored where both codes are right": _instead(matters.Matter, "own", _unless_coded),
    "former names of the enterprise forgotten": _instead(matters, "completed", _current_names),
    "missing identity passes": _finds(Code.identity_missing, _nothing),
    "an unknown applicant passes": _both(
        _finds(Code.subject_unknown, _nothing), _finds(Code.identity_missing, _nothing)
    ),
    "a placeholder is taken for a name": _instead(names, "_NOTHING", _NEVER),
    "a mistyped code is taken for an identity": _instead(Body, "coded", lambda _: True),
    "what cannot be compared passes": _instead(matters.Matter, "tells_apart", _known_is_enough),
    "the last day of a period does not count": _instead(checks, "years_before", _day_short),
    "a year has 365 days": _instead(checks, "years_before", _year_of_365_days),
    "second jobs are not looked at": _finds(Code.same_organisation, _home_only),
    "the avoid list is not read": _finds(Code.avoided_organisation, _nothing),
    "relatives are not looked at": _finds(Code.relative, _nothing),
    "the applicant's wish counts by id only": _finds(Code.named_by_applicant, _only_ids),
    "leaders' names compared as typed": _finds(Code.own_project, _literally),
    "joint projects are forgotten": _finds(Code.co_project, _nothing),
    "rotation ends a day early": _finds(Code.rotation, _one_day_less),
    "a region's own rules are ignored": _instead(
        conflict_run,
        "_RULES",
        [BUILT_IN] * len(conflict_run._RULES),  # noqa: SLF001
    ),
}
#: In the second check.
IN_THE_SECOND_CHECK: Mapping[str, Patches] = {
    "second check: traditional characters not folded": _instead(
        second_names, "_CONVERTER", _Unchanged()
    ),
    "second check: departments not recognised": _instead(second_names, "_PART", _NEVER),
    "second check: the last day does not count": _instead(second_check, "_years_ago", _strictly),
    "second check: identity not looked at": _instead(second_check, "_identity", lambda *_: ()),
}
