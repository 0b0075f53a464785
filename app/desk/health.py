"""/healthz says the process lives; /readyz that it can serve: database reachable and migrated."""

from fastapi import APIRouter, Response
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


@router.get("/healthz", operation_id="healthz", summary="Alive")
async def alive() -> Health:
    return Health(status="ok")


@router.get("/readyz", operation_id="readyz", summary="Ready to serve")
async def ready(response: Response) -> Readiness:
    reachable = migrated = False
    try:
        async with db.transaction("staff") as session:
            found = await session.scalar(text("SELECT version_num FROM alembic_version"))
            reachable = True
            migrated = found == await run_in_threadpool(migrate.newest)
    except Exception:  # noqa: BLE001 -- whatever it was, the answer is "not ready"
        response.status_code = 503
    if not migrated:
        response.status_code = 503
    response.headers["Cache-Control"] = "no-store"
    status = "ok" if migrated else "unavailable"
    return Readiness(status=status, database=reachable, migrated=migrated)
