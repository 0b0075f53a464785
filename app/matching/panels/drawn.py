"""A panel chosen by lot: who was drawn, and who follows in the same order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from app.audit.work import Work
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.matching.panels.models import Panel, PanelBody, Review, SeatKind

_UNKNOWN = T("没有这次抽取，或者您无权查看。", "There is no such draw you may see.")


@dataclass(frozen=True, slots=True)
class Seat:
    expert_id: UUID
    position: int
    kind: SeatKind


def _unknown() -> NoReturn:
    raise Invalid.of(FieldError("/draw_id", "unknown", _UNKNOWN))


async def take_over(_: Work, __: PanelBody) -> None:
    _unknown()


async def selected(_: Work, __: Panel) -> Sequence[Seat]:
    _unknown()


async def next_of(_: Work, __: UUID, ___: Review) -> UUID | None:
    _unknown()
