"""The application: floors wired together, nothing decided here."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.audit.sealer import sealing
from app.core import db, http, jobs
from app.core.answers import Answers
from app.core.logging import configure
from app.core.settings import get_settings
from app.core.spa import mount_spa
from app.desk import (
    account_factor,
    account_mail,
    accounts,
    calendar,
    catalogue,
    enrolling,
    grants,
    health,
    identities,
    identity_provider,
    me,
    my_mail,
    notifications,
    organisations,
    seals,
    search,
    setting_up,
    sign_in,
    stepping_up,
    trail,
    undo,
    views,
    ways_in,
)
from app.governance.dashboard import router as dashboard
from app.matching.index.library import following
from app.network.portal import router as portal
from app.registers.approvals.routes import router as acts
from app.registers.routes import router_of
from app.registers.tasks.routes import router as tasks
from app.registry import FLOORS, REGISTERS

PREFIX = "/api/v1"
LARGEST_BODY = 21_000_000  # bytes; an upload of 20 MB and its envelope


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    gc.freeze()  # what was imported stays for good: collecting need not look through it again
    async with jobs.working(), following(), sealing():
        yield
    await db.close()


def create_app() -> FastAPI:
    """Return the whole application: every register's routes, the desk, the page."""
    configure(get_settings().log_level)
    app = FastAPI(
        title="Park service platform",
        version="1",
        summary="One network, two libraries, three ledgers",
        lifespan=_lifespan,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        max_body_size=LARGEST_BODY,
        servers=[{"url": "/"}],
    )
    http.install(app)
    app.include_router(health.router)
    for room in (stepping_up.router, setting_up.router, ways_in.router, enrolling.router):
        app.include_router(room, prefix=PREFIX)
    for room in (account_factor.router, identity_provider.router, identities.router):
        app.include_router(room, prefix=PREFIX)
    for room in (sign_in.router, me.router, accounts.router, grants.router):
        app.include_router(room, prefix=PREFIX)
    for room in (organisations.router, trail.router, seals.router, seals.public):
        app.include_router(room, prefix=PREFIX)
    app.include_router(catalogue.router, prefix=PREFIX)
    for room in (my_mail.router, account_mail.router, notifications.router, views.router):
        app.include_router(room, prefix=PREFIX)
    app.include_router(tasks, prefix=PREFIX)
    app.include_router(undo.router, prefix=PREFIX)
    app.include_router(acts, prefix=PREFIX)
    for room in (search.router, calendar.router, dashboard.router):
        app.include_router(room, prefix=PREFIX)
    for floor in FLOORS:
        for extra in floor.ROUTERS:
            app.include_router(extra, prefix=PREFIX)
    app.include_router(catalogue.public, prefix=PREFIX)  # last: its path takes any register's name
    for register in REGISTERS:
        app.include_router(router_of(register), prefix=PREFIX)
    app.include_router(portal.router)  # before the page inside: visitors come to its door too
    mount_spa(app)
    app.add_middleware(Answers)
    return app
