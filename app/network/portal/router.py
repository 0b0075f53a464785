"""The addresses of the public pages."""

from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import FileResponse, PlainTextResponse, Response

from app.audit.requests import ACCESS_COOKIE, SECURE_ACCESS_COOKIE, DoorDep
from app.core.spa import built_page
from app.matching.panels import public as panels
from app.network.portal import reading
from app.network.portal.looks import style
from app.network.portal.pages import missing, shown
from app.network.portal.words import spoken

router = APIRouter(include_in_schema=False)

#: Held by whoever is signed in, be the first of them over or not.
_SESSION = frozenset({ACCESS_COOKIE, SECURE_ACCESS_COOKIE, "park_rt", "__Host-rt"})
_ON_THE_FIRST_PAGE = 6
_METHODS = ["GET", "HEAD"]
_FOR_MACHINES = """# Park service platform

> Technology needs of park enterprises and research results, anonymised and published by the
> stations of science parks. Everything else is behind a sign-in.

## Pages

- [Needs](/public/needs): published needs, `?q=` searches, `?lang=en` chooses the language
- [Results](/public/achievements): published research results
- [Draws](/public/draws): how reviewers were drawn
- [Panels](/public/panels): what panels of experts concluded

## Data

- [Needs as JSON](/api/v1/public/needs)
- [Results as JSON](/api/v1/public/achievements)
- [Draws as JSON](/api/v1/public/draws)
- [Panels as JSON](/api/v1/public/panels)
- [Description of the API](/api/v1/openapi.json)
"""
_LAST_PAGE = 1000
_LONGEST = 100  # characters of a search


@router.api_route("/", methods=_METHODS)
async def door(request: Request, session: DoorDep) -> Response:
    """Show visitors what is published; whoever is signed in gets the page inside."""
    inside = built_page()
    if inside and _SESSION & set(request.cookies):
        return FileResponse(inside / "index.html", headers={"Vary": "Cookie"})
    return await home(request, session)


@router.api_route("/public", methods=_METHODS)
async def home(request: Request, session: DoorDep) -> Response:
    """Show the first of the public pages, to whoever is signed in too."""
    locale = spoken(request)
    return shown(
        request,
        "home.html",
        needs=await reading.found(session, "needs", locale, limit=_ON_THE_FIRST_PAGE),
        achievements=await reading.found(session, "achievements", locale, limit=_ON_THE_FIRST_PAGE),
        new_needs=await reading.this_month(session, "needs"),
        new_achievements=await reading.this_month(session, "achievements"),
    )


@router.api_route("/public/needs", methods=_METHODS)
async def needs(request: Request, session: DoorDep) -> Response:
    return await _list(request, session, "needs")


@router.api_route("/public/achievements", methods=_METHODS)
async def achievements(request: Request, session: DoorDep) -> Response:
    return await _list(request, session, "achievements")


@router.api_route("/public/needs/{record_id}", methods=_METHODS)
async def need(request: Request, session: DoorDep, record_id: str) -> Response:
    return await _notice(request, session, "needs", record_id)


@router.api_route("/public/achievements/{record_id}", methods=_METHODS)
async def achievement(request: Request, session: DoorDep, record_id: str) -> Response:
    return await _notice(request, session, "achievements", record_id)


@router.api_route("/public/panels", methods=_METHODS)
async def results(request: Request, session: DoorDep) -> Response:
    """Show which panels' results are announced."""
    page = _page(request.query_params.get("page", "1"))
    found = await panels.results(session, spoken(request), page)
    pages = -(-found.total // panels.PER_PAGE)
    return shown(request, "results.html", found=found, page=page, pages=pages)


@router.api_route("/public/panels/{record_id}", methods=_METHODS)
async def result(request: Request, session: DoorDep, record_id: str) -> Response:
    """Show one announced result; what is not announced is not there."""
    try:
        found = await panels.result(session, spoken(request), UUID(record_id))
    except ValueError:
        found = None
    return missing(request) if found is None else shown(request, "result.html", result=found)


async def _list(request: Request, session: AsyncSession, register: str) -> Response:
    """Show a page of what is published in a register, all of it or what a search finds."""
    locale = spoken(request)
    q = request.query_params.get("q", "").replace("\0", "")[:_LONGEST]
    field = request.query_params.get("field", "").replace("\0", "")[:_LONGEST]
    page = _page(request.query_params.get("page", "1"))
    found = await reading.found(session, register, locale, q=q, field=field or None, page=page)
    return shown(
        request,
        "list.html",
        register=register,
        found=found,
        q=q,
        field=field,
        fields=await reading.fields_of(session, register, locale),
        page=page,
        pages=-(-found.total // reading.PER_PAGE),
    )


def _page(asked: str) -> int:
    """Return the number of a page; what is none is the first one."""
    return min(int(asked), _LAST_PAGE) if asked.isdecimal() and int(asked) > 0 else 1


async def _notice(
    request: Request, session: AsyncSession, register: str, record_id: str
) -> Response:
    """Show one notice; what is not published is not there."""
    try:
        found = await reading.one(session, register, UUID(record_id), spoken(request))
    except ValueError:
        found = None
    if found is None:
        return missing(request)
    return shown(request, "notice.html", register=register, notice=found)


@router.get("/portal.css")
async def looks() -> Response:
    return Response(
        style()[0],
        media_type="text/css",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


@router.get("/robots.txt")
async def robots() -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /api/\nDisallow: /invite/\n")


@router.get("/llms.txt")
async def for_machines() -> Response:
    """Tell reading machines where the published needs and results are, as pages and as JSON."""
    return PlainTextResponse(_FOR_MACHINES)
