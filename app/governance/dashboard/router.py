"""GET /dashboard: figures of what one sees; enterprises, experts, administrators see none."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.access.roles import STAFF
from app.audit.requests import WorkDep
from app.core.clock import today
from app.core.errors import NotFound, Unauthenticated
from app.core.http import documented
from app.governance.dashboard.figures import Figure, all_figures

router = APIRouter(tags=["dashboard"], responses=documented(Unauthenticated, NotFound))


class NumberShown(BaseModel):
    value: float | None = Field(description="null: not told, or nothing to take a median of")
    query: dict[str, str | Sequence[str]] = Field(description="Of the list it counts")


class LineShown(BaseModel):
    label: str
    numbers: list[NumberShown]


class FigureShown(BaseModel):
    name: str
    title: str
    register_name: str = Field(serialization_alias="register")
    shape: str
    columns: list[str]
    lines: list[LineShown]


class Dashboard(BaseModel):
    as_of: date
    figures: list[FigureShown]


@router.get("/dashboard", operation_id="dashboard", summary="Figures, each of which opens its rows")
async def dashboard(work: WorkDep) -> Dashboard:
    if work.actor.role not in STAFF:
        raise NotFound
    return Dashboard(as_of=today(), figures=[_shown(one) for one in await all_figures(work)])


def _shown(figure: Figure) -> FigureShown:
    return FigureShown(
        name=figure.name,
        title=figure.title,
        register_name=figure.register,
        shape=figure.shape,
        columns=figure.columns,
        lines=[
            LineShown(
                label=line.label,
                numbers=[NumberShown(value=n.value, query=dict(n.query)) for n in line.numbers],
            )
            for line in figure.lines
        ],
    )
