"""Injected bugs: each harness must find its own, or what it finds nothing of proves nothing."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import Body, FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from app.core import files, http
from app.core.answers import Answers
from app.core.errors import Invalid
from app.core.logging import JsonLines
from app.core.sheets import writing
from app.network.portal import pages
from app.registers import filters
from tests.input.asking import ask_app, bounds

#: What a bug of the toy is called, and the check that must find it.
CONTRACT_BUGS = {
    "a failure": "not_a_server_error",
    "an answer nobody described": "status_code_conformance",
    "an answer of another shape": "response_schema_conformance",
    "a body taken unread": "negative_data_rejection",
}


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=2, max_length=20)
    level: int = Field(ge=1, le=9)


def toy(bug: str | None) -> FastAPI:
    """Return an application of one route, with our own errors and description, and one bug."""
    app = FastAPI()
    http.install(app)
    app.add_middleware(Answers)
    given: Any = dict[str, Any] if bug == "a body taken unread" else Thing

    @app.post("/things", response_model=Thing, responses=http.documented(Invalid))
    async def create(thing: given = Body()) -> Any:  # noqa: B008
        if bug == "a failure" and thing.level > 4:
            raise RuntimeError
        if bug == "an answer nobody described":
            return JSONResponse({}, 418)
        if bug == "an answer of another shape":
            return JSONResponse({"title": 1})
        return JSONResponse({"title": "ab", "level": 1})

    return app


def contract_bugs_found() -> list[str]:
    """Return the bugs of the toy that asking finds; the toy without a bug must be clean."""
    honest = toy(None)
    api = honest.openapi()
    assert not ask_app(honest, api, bounds(30, 1, 60)).violations
    found = []
    for bug, check in CONTRACT_BUGS.items():
        told = ask_app(toy(bug), api, bounds(30, 1, 60))
        if any(what.startswith(check) for what in told.violations):
            found.append(bug)
    return found


@contextmanager
def joined_sql() -> Iterator[None]:
    """A filter that writes the value into the statement."""
    with pytest.MonkeyPatch.context() as patch:

        def bad(sql: Any, value: str) -> Any:
            return sa.literal_column(f"{sql.key} LIKE '%{value}%'", sa.Boolean)  # nosec B608

        patch.setattr(filters, "_COMPARED", {**filters._COMPARED, "contains": bad})  # noqa: SLF001
        yield


@contextmanager
def raw_pages() -> Iterator[None]:
    """Public pages that do not escape what visitors ask for."""
    with pytest.MonkeyPatch.context() as patch:
        raw = pages._templates().overlay(autoescape=False, cache_size=50)  # noqa: SLF001
        patch.setattr(pages, "_templates", lambda: raw)
        yield


@contextmanager
def plain_log() -> Iterator[None]:
    """A log of bare text: a line break in a value begins a line of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JsonLines, "format", logging.Formatter().format)
        yield


@contextmanager
def open_exports() -> Iterator[None]:
    """Exports that leave what opens as a formula as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "opens_as_formula", lambda _: False)
        yield


@contextmanager
def open_door() -> Iterator[None]:
    """An upload door that believes what it is told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "checked_type", lambda *_: "text/html")
        yield


#: Bugs a payload must bring to light, and the operations it is sent to.
PAYLOAD_BUGS = {
    "joined SQL": (joined_sql, "needs_list"),
    "raw pages": (raw_pages, "portal"),
    "plain log": (plain_log, "needs_read"),
}
