"""Who meets whom: the subject that asks for help and the person who could give it, as plain facts.

Everything that ranks, explains or excludes works on these; none of it touches the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.libraries.experts.models import (
    AvoidedOrganisation,
    Employment,
    Expert,
    ExpertState,
    Relation,
    Shareholding,
)
from app.matching.names import code_of, keys_of, same_name, sound_code


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as somebody wrote it down: by name, by code, or both.

    ``since`` and ``until`` say when it bore the name, where that is recorded. They are told, not
    judged by: whoever worked under an old name worked for the same legal person.
    """

    name: str | None = None
    uscc: str | None = None
    former: bool = False
    since: date | None = None
    until: date | None = None

    def named(self) -> bool:
        """Say whether the name says anything ("none" and "-" do not)."""
        return bool(keys_of(self.name).exact)

    def coded(self) -> bool:
        return sound_code(self.uscc) is not None

    def known(self) -> bool:
        """Say whether it can be compared at all; a mistyped code identifies nobody."""
        return self.named() or self.coded()

    def same_as(self, other: "Body") -> bool:
        """Say whether the two are, as far as can be seen, one legal person.

        Equal codes decide; but two codes may differ because one was mistyped, so equal names
        decide as well: a conflict missed is worse than one that a person dismisses.
        """
        if self.uscc and code_of(self.uscc) == code_of(other.uscc):
            return True
        return same_name(self.name, other.name)

    def comparable_with(self, other: "Body") -> bool:
        """Say whether the two could be told apart: by their names, or by their codes."""
        return (self.named() and other.named()) or (self.coded() and other.coded())


@dataclass(frozen=True, slots=True)
class Subject:
    """A need or a project that looks for somebody.

    ``general`` is a matter without an applicant, such as a draw for a course: nobody can be in
    conflict with it, while a need without a known enterprise can be checked by nobody.
    """

    register: str
    id: UUID
    label: str
    texts: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    field: str | None = None
    bodies: tuple[Body, ...] = ()
    leader_name: str | None = None
    officers: tuple[str, ...] = ()  # legal representatives of the applicant
    avoided: tuple[str, ...] = ()  # names or ids of experts whom the applicant asked not to have
    avoided_in: str = "needs"  # the register that says so
    avoided_besides: tuple[str, ...] = ()  # those named anew for one draw, with a limit of its own
    enterprises: frozenset[UUID] = frozenset()  # those of the ledger among the bodies
    general: bool = False
    region_id: int | None = None  # whose rules hold
    batch: UUID | None = None  # the assignment it is judged with, all of it at once

    @property
    def text(self) -> str:
        return "\n".join((*self.texts, *self.keywords))


@dataclass(frozen=True, slots=True)
class Job:
    body: Body
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Interest:
    """Shares held in, or an office held at, an organisation."""

    body: Body
    share: Decimal | None = None  # percent
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Led:
    """A project led by somebody of the person's name, of the person's organisation or not."""

    id: UUID
    bodies: tuple[Body, ...]
    text: str = ""
    applying: bool = False  # applied for, not yet decided
    since: date | None = None
    until: date | None = None
    certain: bool = True  # False: nothing but the name says that it is the same person
    seen: bool = True  # by who asks


@dataclass(frozen=True, slots=True)
class Owned:
    """An achievement of the person together with the organisations that own it."""

    id: UUID
    bodies: tuple[Body, ...]
    enterprises: frozenset[UUID] = frozenset()
    since: date | None = None
    until: date | None = None
    seen: bool = True


@dataclass(frozen=True, slots=True)
class Engagement:
    """A task the person was asked to do: a match or a review."""

    register: str  # matches or reviews
    id: UUID
    subject_id: UUID
    on: date  # when asked
    accepted: bool = False  # or begun, or done
    running: bool = False
    enterprises: frozenset[UUID] = frozenset()
    bodies: tuple[Body, ...] = ()
    seen: bool = True
    batch: UUID | None = None  # the assignment that gave it, with others at once


@dataclass(frozen=True, slots=True)
class Person:
    """An expert, as far as matching looks."""

    id: UUID
    name: str
    body: Body
    jobs: tuple[Job, ...] = ()
    avoided: tuple[Body, ...] = ()
    interests: tuple[Interest, ...] = ()
    relatives: tuple[Body, ...] = ()
    fields: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    active: bool = True
    barred: bool = False
    available_from: date | None = None
    available_to: date | None = None
    consented: bool = True
    max_load: int | None = None  # tasks a year
    led: tuple[Led, ...] = ()
    owned: tuple[Owned, ...] = ()
    engagements: tuple[Engagement, ...] = ()

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Where the person works or worked."""
        return (self.body, *(job.body for job in self.jobs))


def person_of(row: Expert) -> Person:
    """Return what an expert's own record says; the facts of other records are added to it."""
    return Person(
        id=row.id,
        name=row.name,
        body=Body(row.organisation, row.organisation_uscc),
        jobs=tuple(
            Job(Body(job.organisation, job.uscc), job.ended_on)
            for job in map(Employment.model_validate, row.employments)
        ),
        avoided=_bodies(map(AvoidedOrganisation.model_validate, row.avoid_organisations)),
        interests=tuple(
            Interest(Body(held.organisation, held.uscc), held.share, held.office)
            for held in map(Shareholding.model_validate, row.shareholdings)
        ),
        relatives=_bodies(map(Relation.model_validate, row.relations)),
        fields=tuple(row.hightech_fields),
        keywords=tuple(row.keywords),
        active=row.state == ExpertState.active,
        barred=row.state == ExpertState.barred,
        available_from=row.available_from,
        available_to=row.available_to,
        consented=row.consent_given_on is not None and "match" in row.consent_scope,
        max_load=row.max_load,
    )


def _bodies(rows: Iterable[Any]) -> tuple[Body, ...]:
    return tuple(Body(row.organisation, row.uscc) for row in rows)
