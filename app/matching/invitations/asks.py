"""What can be asked by a link: each register that invites experts declares one ``Ask``."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.access.roles import Role
from app.audit.work import Work
from app.core.errors import NotFound
from app.core.labels import T
from app.core.tables import Body


class Nothing(Body):
    """A form that asks for nothing: what is sent with an acceptance is refused."""


INVITATION = T("邀请：{title}", "Invitation: {title}")  # what a letter is headed


@dataclass(frozen=True, slots=True)
class Asked:
    """What an invitation says of its record, to the person invited."""

    title: str
    subject: str
    text: str
    expected: T
    may: tuple[str, ...]
    meeting_on: date | None = None
    place: str | None = None
    online_url: str | None = None
    answer_by: date | None = None
    review_by: date | None = None
    pledge: T | None = None
    pledged_at: datetime | None = None
    sheet: BaseModel | None = None
    to_sum_up: BaseModel | None = None
    heading: T = INVITATION


Reissue = Callable[[Work, Any], Awaitable[None]]
Draft = Callable[[Work, UUID, Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of record that experts are invited to."""

    register: str
    askers: frozenset[Role]  # who makes links
    open_in: frozenset[StrEnum]  # states in which a link makes sense
    expert_of: Callable[[Any], UUID | None]  # None: nobody who could answer
    until: Callable[[Any], date]  # the last day of a link, unless another is named
    told: Callable[[Work, Any], Awaitable[Asked]]  # work.locale: in which language
    answers: tuple[str, ...] = field(
        default=("accept", "decline", "recuse", "contest")
    )  # moves by link
    draft: Draft | None = None  # keeps a score sheet
    submit: str | None = None  # the move that hands it in
    own_link_at: str | None = None  # the answer after which the holder has a link of their own
    reissue: Reissue | None = None  # before staff make a link; may raise Conflict


_ASKS: dict[str, Ask] = {}


def enter(*asks: Ask) -> tuple[Ask, ...]:
    """Put asks into the directory of what can be asked."""
    _ASKS.update((ask.register, ask) for ask in asks)
    return asks


def named(register: str) -> Ask:
    """Return what a register asks. Raises NotFound."""
    if register not in _ASKS:
        raise NotFound
    return _ASKS[register]
