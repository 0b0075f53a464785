"""/audit/seals: how far the trail is sealed, whether it is as it was, and a file to check it by.

The head and the script that checks are public: whoever keeps a head holds the platform to it.
"""

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, model_validator

from app.access.roles import Role
from app.audit import bundles, sealing
from app.audit.bundles import Wanted
from app.audit.checking import Checker, Report
from app.audit.requests import WorkDep
from app.audit.sealer import connected
from app.audit.work import Work
from app.core.clock import now, today
from app.core.errors import FieldError, Invalid, NotFound, Unauthenticated
from app.core.http import documented
from app.core.instants import Instant, LastInstant
from app.core.labels import T

router = APIRouter(
    prefix="/audit/seals", tags=["audit"], responses=documented(Unauthenticated, NotFound)
)
public = APIRouter(prefix="/public/trail", tags=["public"])

SCRIPT = "verify_trail.py"
LONGEST = timedelta(days=31)
_HERE = Path(__file__).resolve().parents[1]
_USUAL = timedelta(days=1)
_SHOWN = 50  # faults

_TOO_LONG = T(
    "一次最多核验 31 天；更长的期间请在服务器上执行 park audit verify，或分几次核验。",
    "At most 31 days are checked at once; for longer run `park audit verify` on the server, or"
    " check it in parts.",
)


class Period(BaseModel):
    """Of when the seals were made; the last day, if nothing is said."""

    model_config = ConfigDict(extra="forbid")
    since: Instant | None = None
    until: LastInstant | None = None

    @model_validator(mode="after")
    def _of_a_month_at_most(self) -> Self:
        end = self.until or now()
        self.since = self.since or end - _USUAL
        if end - self.since > LONGEST:
            raise Invalid.of(FieldError("/since", "period", _TOO_LONG))
        return self


class SealsShown(BaseModel):
    seals: int
    sealed_until: datetime | None
    waiting: int
    lag_seconds: float
    key: str
    head: str | None


class FaultShown(BaseModel):
    seal: int
    kind: str
    what: str


class CheckShown(BaseModel):
    sound: bool
    seals: int
    entries: int
    waiting: int
    retired: int
    late: int
    first_faults: list[FaultShown]
    faults: int


def _require_auditor(work: Work) -> None:
    if work.actor.role is not Role.auditor:
        raise NotFound


@router.get("", operation_id="audit_seals", summary="How far the trail is sealed")
async def read_state(work: WorkDep) -> SealsShown:
    _require_auditor(work)
    return await run_in_threadpool(_state)


def _state() -> SealsShown:
    with connected() as connection:
        found = sealing.state(connection)
        head = bundles.head(connection)
    return SealsShown(
        seals=found.seals,
        sealed_until=found.sealed_until,
        waiting=found.waiting,
        lag_seconds=round(found.lag, 1),
        key=sealing.trail_signer().key_id,
        head=head["hash"] if head else None,
    )


@router.get("/check", operation_id="audit_check", summary="Check the seals of a period")
async def check(work: WorkDep, period: Annotated[Period, Query()]) -> CheckShown:
    _require_auditor(work)
    report = await run_in_threadpool(_checked, Wanted(period.since, period.until))
    detail = {"sound": report.sound, "seals": report.seals, "entries": report.entries}
    await work.note("audit.check", detail=detail)
    return CheckShown(
        sound=report.sound,
        seals=report.seals,
        entries=report.entries,
        waiting=report.waiting,
        retired=report.retired,
        late=report.late,
        first_faults=[
            FaultShown(seal=fault.no, kind=fault.kind, what=fault.what)
            for fault in report.faults[:_SHOWN]
        ],
        faults=len(report.faults),
    )


def _checked(wanted: Wanted) -> Report:
    checker = Checker({sealing.trail_signer().key_id})
    with connected() as connection:
        return checker.read(bundles.lines(connection, wanted))


@router.get(
    "/export.jsonl.gz",
    operation_id="audit_seals_export",
    summary="The trail with its seals, to be checked anywhere",
    response_class=StreamingResponse,
)
async def export(work: WorkDep, period: Annotated[Period, Query()]) -> StreamingResponse:
    _require_auditor(work)
    wanted = Wanted(period.since, period.until, frozenset(work.actor.nodes))
    await work.note("audit.export", detail={"form": "seals"})
    name = f"attachment; filename=trail-{today():%Y%m%d}.jsonl.gz"
    return StreamingResponse(
        _packed(wanted), media_type="application/gzip", headers={"Content-Disposition": name}
    )


def _packed(wanted: Wanted) -> Iterator[bytes]:
    packing = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)  # the frame of gzip
    with connected() as connection:
        for page in bundles.written(bundles.lines(connection, wanted)):
            yield packing.compress(page)
    yield packing.flush()


@public.get("/head", operation_id="public_trail_head", summary="The newest seal, signed")
async def read_head() -> Response:
    """Return what another node keeps; it names no act, and says how many the last second held."""
    found = await run_in_threadpool(_head)
    if found is None:
        raise NotFound
    return JSONResponse(found)


def _head() -> dict[str, Any] | None:
    with connected() as connection:
        return bundles.head(connection)


@public.get(
    f"/{SCRIPT}", operation_id="public_trail_verifier", summary="The script that checks an export"
)
async def read_script() -> FileResponse:
    shipped = _HERE / "audit" / SCRIPT
    place = shipped if shipped.is_file() else _HERE.parent / "tools" / SCRIPT
    return FileResponse(place, media_type="text/x-python", filename=SCRIPT)
