"""/calendar/workdays: which days of a period are worked, as the table of working days knows."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from app.audit.requests import WorkDep
from app.catalogues.workdays import read_calendar
from app.core.clock import today
from app.core.errors import BadRequest, Unauthenticated
from app.core.http import documented
from app.core.labels import T

router = APIRouter(tags=["calendar"], responses=documented(Unauthenticated, BadRequest))

_MOST = timedelta(days=400)
_TOO_LONG = T(
    "一次最多查询 400 天，且结束日期不能早于开始日期，请缩短时间段。",
    "At most 400 days at a time, the last not before the first; ask for a shorter period.",
)


class Day(BaseModel):
    day: date
    works: bool | None = Field(description="null: the year's notice of holidays is not out yet")


class Days(BaseModel):
    today: date
    items: list[Day]


@router.get("/calendar/workdays", operation_id="calendar_workdays", summary="Worked and free days")
async def workdays(work: WorkDep, since: Annotated[date, Query()], until: date) -> Days:
    if not timedelta(0) <= until - since <= _MOST:
        raise BadRequest(_TOO_LONG)
    connection = await work.session.connection()
    known = await connection.run_sync(read_calendar, since, until)
    asked = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    return Days(today=today(), items=[Day(day=one, works=known.get(one)) for one in asked])
