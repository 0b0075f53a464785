"""/healthz says the process lives; /readyz that it can serve: database reachable and migrated."""

import asyncio

from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import BaseModel
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool

from app.core import db, migrate

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: str


class Readiness(Health):
    database: bool
    migrated: bool


NOT_READY = Readiness(status="unavailable", database=False, migrated=False)
PATIENCE = 2.0  # seconds until a database that does not answer counts as gone


@router.get("/healthz", operation_id="healthz", summary="Alive")
async def alive() -> Health:
    return Health(status="ok")


@router.get("/readyz", operation_id="readyz", summary="Ready to serve")
async def ready(request: Request, response: Response) -> Readiness:
    found = await _answer_of(_probe(request.app))
    if not found.migrated:
        response.status_code = 503
    response.headers["Cache-Control"] = "no-store"
    return found


def _probe(app: FastAPI) -> "asyncio.Task[Readiness]":
    """Return the question that is under way: a database that hangs is asked once, not ever more."""
    asked: asyncio.Task[Readiness] | None = getattr(app.state, "probe", None)
    if asked is None or asked.done() or asked.get_loop() is not asyncio.get_running_loop():
        asked = app.state.probe = asyncio.create_task(_ask(), name="readiness")
    return asked


async def _answer_of(asked: "asyncio.Task[Readiness]") -> Readiness:
    """Wait a moment. The question itself goes on: cancelling would wait for the server as well."""
    answered, _ = await asyncio.wait({asked}, timeout=PATIENCE)
    return asked.result() if answered else NOT_READY


async def _ask() -> Readiness:
    try:
        async with db.transaction("staff") as session:
            found = await session.scalar(text("SELECT version_num FROM alembic_version"))
            migrated = found == await run_in_threadpool(migrate.newest)
    except Exception:  # noqa: BLE001 -- whatever it was, the answer is "not ready"
        return NOT_READY
    return Readiness(status="ok" if migrated else "unavailable", database=True, migrated=migrated)
