"""Who meets whom: the subject that asks for help and the person who could give it, as plain facts.

Everything that ranks, explains or excludes works on these; none of it touches the database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.core.text import fold
from app.libraries.experts.models import (
    AvoidedOrganisation,
    Document,
    Employment,
    Expert,
    Relation,
    Shareholding,
)

_NOISE = re.compile(r"[\W_]+")
#: What a department's name adds to that of the legal person it belongs to.
_DEPARTMENT = re.compile(
    r".*(学院|研究生院|系|所|部|中心|实验室|研究室|课题组|车间|分厂|分公司|分部|分院)$"
)


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as somebody wrote it down: by name, by code, or both."""

    name: str | None = None
    uscc: str | None = None

    def known(self) -> bool:
        return bool(self.name or self.uscc)

    def same_as(self, other: "Body") -> bool:
        """Say whether the two are, as far as can be seen, one legal person.

        Equal codes decide; but two codes may differ because one was mistyped, so equal names
        decide as well: a conflict missed is worse than one that a person dismisses.
        """
        if self.uscc and self.uscc == other.uscc:
            return True
        return same_name(self.name, other.name)


def same_name(one: str | None, other: str | None) -> bool:
    """Compare names of organisations; a department bears the name of its legal person."""
    short, long = sorted((_bare(one), _bare(other)), key=len)
    if not short or not long.startswith(short):
        return False
    return short == long or bool(_DEPARTMENT.fullmatch(long[len(short) :]))


def _bare(name: str | None) -> str:
    return _NOISE.sub("", fold(name)) if name else ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A need or a project that looks for somebody."""

    register: str
    id: UUID
    label: str
    texts: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    field: str | None = None
    bodies: tuple[Body, ...] = ()
    leader_name: str | None = None
    avoided: tuple[str, ...] = ()  # names or ids of experts whom the applicant asked not to have

    @property
    def text(self) -> str:
        return "\n".join((*self.texts, *self.keywords))


@dataclass(frozen=True, slots=True)
class Job:
    body: Body
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A text that shows what a person can do."""

    title: str
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    year: int | None = None

    @property
    def text(self) -> str:
        """Title and keywords count twice: they say what the paper is about."""
        words = " ".join(self.keywords)
        return f"{self.title}\n{self.title}\n{words}\n{words}\n{self.abstract}"


@dataclass(frozen=True, slots=True)
class Person:
    """An expert, as far as matching looks."""

    id: UUID
    name: str
    body: Body
    jobs: tuple[Job, ...] = ()
    avoided: tuple[Body, ...] = ()
    interests: tuple[Body, ...] = ()
    relatives: tuple[Body, ...] = ()
    fields: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    active: bool = True
    available_from: date | None = None
    available_to: date | None = None
    consented: bool = True


_MOST_PAPERS = 20  # of one person are read, the latest first
_LONGEST_ABSTRACT = 2000


def person_of(row: Expert) -> Person:
    """Return what matching needs to know of an expert."""
    return Person(
        id=row.id,
        name=row.name,
        body=Body(row.organisation, row.organisation_uscc),
        jobs=tuple(
            Job(Body(job.organisation, job.uscc), job.ended_on)
            for job in map(Employment.model_validate, row.employments)
        ),
        avoided=_bodies(map(AvoidedOrganisation.model_validate, row.avoid_organisations)),
        interests=_bodies(map(Shareholding.model_validate, row.shareholdings)),
        relatives=_bodies(map(Relation.model_validate, row.relations)),
        fields=tuple(row.hightech_fields),
        keywords=tuple(row.keywords),
        papers=_papers(map(Document.model_validate, row.documents)),
        active=row.state == "active",
        available_from=row.available_from,
        available_to=row.available_to,
        consented=row.consent_given_on is not None and "match" in row.consent_scope,
    )


def _bodies(rows: Iterable[Any]) -> tuple[Body, ...]:
    return tuple(Body(row.organisation, row.uscc) for row in rows)


def _papers(documents: Iterable[Document]) -> tuple[Paper, ...]:
    kept = sorted((d for d in documents if not d.excluded), key=lambda d: -(d.year or 0))
    return tuple(
        Paper(d.title, (d.abstract or "")[:_LONGEST_ABSTRACT], tuple(d.keywords), d.year)
        for d in kept[:_MOST_PAPERS]
    )
