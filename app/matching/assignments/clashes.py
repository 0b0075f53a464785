"""Why a batch cannot be met, in words: which requirement, how much is missing, what would do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.audit.work import Work
from app.core.labels import T
from app.matching.assignments import clash_words as words

_LINES = 10  # of a summary
_SEATS, _UNIT = "seats", "unit"


class Named(BaseModel):
    id: UUID
    label: str | None = Field(description="None: nobody the reader may see any more")


class Names:
    """The titles the reader may see, by register and id."""

    def __init__(self, told: Mapping[str, Mapping[str, str]]) -> None:
        self._told = told

    def of(self, register: str, one: UUID | str) -> Named:
        return Named(id=UUID(str(one)), label=self._told[register].get(str(one)))


class ChangeShown(BaseModel):
    requirement: str
    project: Named | None
    expert: Named | None
    by: int
    serves: list[str] = Field(description="The quotas a further place of this expert is for")
    text: str


class ShortageShown(BaseModel):
    requirement: str
    requirement_label: str
    experts: int = Field(description="Who count and may judge one of these projects")
    wanted: int
    available: int
    text: str


class ClashShown(BaseModel):
    text: str
    projects: list[Named]
    experts: list[Named]
    wanted: int
    available: int
    smallest: bool
    shortages: list[ShortageShown] = Field(description="The requirements that fail by themselves")
    changes_text: str
    summary: list[str] = Field(description="The changes in at most ten lines, and how many more")
    changes: list[ChangeShown]
    alternative_text: str | None = Field(description="How the quotas alone could be eased instead")
    alternative: list[ChangeShown]


def changes_of(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return every change a clash names."""
    return [*told["changes"], *told.get("alternative", [])]


def shown(work: Work, told: Mapping[str, Any], names: Names) -> ClashShown:
    """Return a clash as people read it."""
    count = sum(one["by"] for one in told["changes"])
    lead = words.SMALLEST if told["smallest"] else words.SUFFICIENT
    short = [_shortage(work, one) for one in told.get("shortages", [])]
    other = told.get("alternative", [])
    changes = [_change(work, one, names) for one in told["changes"]]
    return ClashShown(
        text=_why(work, told, short),
        projects=[names.of("projects", one) for one in told["projects"]],
        experts=[names.of("experts", one) for one in told["experts"]],
        wanted=told["wanted"],
        available=told["available"],
        smallest=told["smallest"],
        shortages=short,
        changes_text=lead.filled(work.locale, {"count": count}),
        summary=_summary(work, changes),
        changes=changes,
        alternative_text=_instead(work, other) if other else None,
        alternative=[_change(work, one, names) for one in other],
    )


def _why(work: Work, told: Mapping[str, Any], short: Sequence[ShortageShown]) -> str:
    if short:
        return (" " if work.locale == "en" else "").join(one.text for one in short)
    asked = told.get("asked", [])
    if asked and not (asked == [_UNIT] and told["smallest"]):
        named = words.LIST.in_(work.locale).join(words.KINDS[one].in_(work.locale) for one in asked)
        return words.TOGETHER.filled(work.locale, {"asked": named})
    facts = {
        "missing": told["wanted"] - told["available"],
        "projects": len(told["projects"]),
        "wanted": told["wanted"],
        "available": told["available"],
    }
    return (words.UNIT if asked else words.CLASH).filled(work.locale, facts)


def _shortage(work: Work, one: Mapping[str, Any]) -> ShortageShown:
    text = words.CLASH if one["requirement"] == _SEATS else words.SHORTAGE
    facts = {
        "kind": words.KINDS[one["requirement"]],
        "projects": len(one["projects"]),
        "experts": one["experts"],
        "wanted": one["wanted"],
        "available": one["available"],
        "missing": one["wanted"] - one["available"],
    }
    return ShortageShown(
        requirement=one["requirement"],
        requirement_label=words.KINDS[one["requirement"]].in_(work.locale),
        experts=one["experts"],
        wanted=one["wanted"],
        available=one["available"],
        text=text.filled(work.locale, facts),
    )


def _change(work: Work, one: Mapping[str, Any], names: Names) -> ChangeShown:
    project = names.of("projects", one["project_id"]) if one["project_id"] else None
    expert = names.of("experts", one["expert_id"]) if one["expert_id"] else None
    serves = one.get("serves", [])
    facts = {
        "project": project.label if project else "",
        "expert": expert.label if expert else "",
        "by": one["by"],
    }
    text = words.CHANGES[one["requirement"]].filled(work.locale, facts)
    return ChangeShown(
        requirement=one["requirement"],
        project=project,
        expert=expert,
        by=one["by"],
        serves=serves,
        text=text + _for(work, serves),
    )


def _for(work: Work, serves: Sequence[str]) -> str:
    if not serves:
        return ""
    kinds = words.LIST.in_(work.locale).join(words.KINDS[one].in_(work.locale) for one in serves)
    return words.SERVES.filled(work.locale, {"kinds": kinds})


def _summary(work: Work, changes: Sequence[ChangeShown]) -> list[str]:
    """Name each change where they are few; else those alike in one line, the weightiest first."""
    if len(changes) <= _LINES:
        return [one.text for one in changes]
    alike: dict[tuple[str, int, tuple[str, ...]], list[ChangeShown]] = {}
    for one in changes:
        alike.setdefault((one.requirement, one.by, tuple(one.serves)), []).append(one)
    groups = sorted(alike.values(), key=lambda many: -many[0].by * len(many))
    lines = [_alike(work, many) for many in groups[:_LINES]]
    left = sum(len(many) for many in groups[_LINES:])
    return [*lines, words.MORE.filled(work.locale, {"count": left})] if left else lines


def _alike(work: Work, many: Sequence[ChangeShown]) -> str:
    first = many[0]
    if len(many) == 1:
        return first.text
    facts = {"count": len(many), "by": first.by}
    return words.EACH[first.requirement].filled(work.locale, facts) + _for(work, first.serves)


def _instead(work: Work, changes: Sequence[Mapping[str, Any]]) -> str:
    said = words.CLAUSES.in_(work.locale).join(_eased(work, changes))
    return words.INSTEAD.filled(work.locale, {"eased": said})


def _eased(work: Work, changes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield for each quota in how many projects it gives way, and by how much in all."""
    for requirement in dict.fromkeys(one["requirement"] for one in changes):
        many = [one for one in changes if one["requirement"] == requirement]
        facts: dict[str, int | T] = {
            "kind": words.KINDS[requirement],
            "projects": len({one["project_id"] for one in many}),
            "count": sum(one["by"] for one in many),
        }
        text = words.UNIT_EASED if requirement == "unit" else words.EASED
        yield text.filled(work.locale, facts)
