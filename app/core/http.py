"""Where a refusal becomes an answer: RFC 9457 documents in the caller's language."""

import errno
import logging
from collections.abc import Mapping
from typing import Any

import psycopg
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg_pool import PoolTimeout
from pydantic import BaseModel
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from app.core import description
from app.core.description import MEDIA_TYPE
from app.core.errors import Conflict, FieldError, Invalid, NotFound, Problem, Stale, Unavailable
from app.core.labels import T, preferred_locale
from app.core.parameters import each_once
from app.core.unstorable import located
from app.core.validation import invalid

log = logging.getLogger("park.http")
_WRONG_METHOD = 405


class ProblemField(BaseModel):
    pointer: str
    code: str
    detail: str


class ProblemBody(BaseModel):
    """Shape of every refusal; ``type`` is stable and is what clients switch on."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemField]


#: Names of database constraints and what their breach means; rooms add their own.
CONSTRAINTS: dict[str, tuple[str, T]] = {}

_STALE = T(
    "这条记录在您修改期间已被他人更新，请重新读取后再改。",
    "The record changed while you worked on it; read it again, then repeat your change.",
)
_CONFLICT = T(
    "与已有的记录重复或相抵触，没有保存；请先查找已有的记录，再修改内容。",
    "It repeats or contradicts an existing record and was not saved; look for that record, then"
    " change yours.",
)
_UNDECODABLE = T(
    "提交的内容无法解读：应为 UTF-8 编码、格式完整的内容，请更正后重新提交。",
    "The body cannot be read: it must be well-formed and encoded in UTF-8; correct it and send"
    " again.",
)
_UNSTORABLE = T(
    "有文字或数字无法保存（含有特殊字符，或超出范围），请检查后重填。",
    "A text or number cannot be stored (a special character, or out of range); check and retry.",
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_ROOM = T(
    "服务器磁盘已满，没有保存任何内容；请联系系统管理员腾出空间，然后重试。",
    "The server's disk is full and nothing was saved; ask the system administrator to make room,"
    " then try again.",
)
_INTERNAL = T(
    "服务器内部出错，已经记录，没有保存任何内容。请稍后重试；若仍不成功，请把编号 {request_id} "
    "告诉系统管理员。",
    "The server failed; it is noted and nothing was saved. Try again shortly, or tell the system"
    " administrator this reference: {request_id}.",
)


def documented(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return a route's ``responses=``, so that clients know these refusals."""
    return {p.status: {"description": p.title.en, "model": ProblemBody} for p in problems}


def locale_of(request: Request) -> str:
    return preferred_locale(request.headers.get("accept-language", ""))


def answer(request: Request, problem: Problem) -> JSONResponse:
    """Return ``problem`` as a response."""
    told = problem.shown(locale_of(request))
    return JSONResponse(
        told,
        int(str(told["status"])),
        media_type=MEDIA_TYPE,
        headers={**problem.headers, "Cache-Control": "no-store"},
    )


def broken_constraint(error: IntegrityError) -> Problem:
    """Return what a refused row means; never the database's own words (they quote values)."""
    diag = getattr(error.orig, "diag", None)
    known = CONSTRAINTS.get(diag.constraint_name or "") if diag else None
    if known is None:
        log.warning("constraint %s refused a write", diag.constraint_name if diag else "?")
        return Conflict(_CONFLICT)
    pointer, text = known
    return Conflict(text, errors=[FieldError(pointer, "taken", text)])


def of_database(error: Exception) -> Problem:
    """Return what a failing database means to the caller: try again, or a defect of ours."""
    if isinstance(error, IntegrityError):
        return broken_constraint(error)
    if isinstance(error, StaleDataError):
        return Stale(_STALE)
    orig = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(orig, psycopg.errors.InsufficientPrivilege):
        log.error("the database's own wall refused what the application let through")
        return NotFound()
    unbound = isinstance(error, StatementError) and not isinstance(error, DBAPIError)
    if unbound or isinstance(error, DataError) or isinstance(orig, psycopg.DataError):
        return Invalid(_UNSTORABLE)  # a NUL in a text, a number beyond its column
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    idle = psycopg.errors.IdleInTransactionSessionTimeout  # psycopg files it under defects
    down = (OperationalError, PoolExhausted, PoolTimeout, psycopg.OperationalError, OSError, idle)
    if lost or isinstance(error, down) or isinstance(orig, down):
        return Unavailable()
    raise error


def install(app: FastAPI) -> None:
    """Give ``app`` the only places where an exception becomes an answer; before its routes."""
    description.install(app)
    app.router.dependencies.append(Depends(each_once))

    @app.exception_handler(Problem)
    async def _(request: Request, exc: Problem) -> JSONResponse:
        return answer(request, exc)

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, exc: RequestValidationError) -> JSONResponse:
        return answer(request, invalid(exc.errors(), skip=1))

    @app.exception_handler(HTTPException)
    async def _(request: Request, exc: HTTPException) -> JSONResponse:
        """Answer what the framework itself refuses: unknown path, wrong method, body too large."""
        if exc.status_code == _WRONG_METHOD and (
            methods := description.methods_at(request.app, request.url.path)
        ):
            exc.headers = {"Allow": ", ".join(methods)}
        return answer(request, _framework(exc))

    for kind in (StatementError, StaleDataError, PoolExhausted, PoolTimeout, psycopg.Error):

        @app.exception_handler(kind)
        async def _(request: Request, exc: Exception) -> JSONResponse:
            try:
                return answer(request, await located(request, of_database(exc)))
            except Exception:
                log.exception("unexpected database error")
                return answer(request, internal(request))

    app.add_exception_handler(OSError, _of_the_system)

    @app.exception_handler(UnicodeEncodeError)
    async def _(request: Request, _: UnicodeEncodeError) -> JSONResponse:
        """Answer a text with half a character in it (a lone surrogate)."""
        return answer(request, await located(request, Invalid(_UNSTORABLE)))

    @app.exception_handler(Exception)
    async def _(request: Request, exc: Exception) -> JSONResponse:
        return unexpected(request, exc)


def unexpected(request: Request, error: Exception) -> JSONResponse:
    """Note a defect of ours and return what its caller is told: a number, nothing of the inside."""
    log.error("unexpected error", exc_info=error)
    return answer(request, internal(request))


def _of_the_system(request: Request, error: Exception) -> JSONResponse:
    """Answer a file the disk has no room for; any other refusal of the system is a defect."""
    if isinstance(error, OSError) and error.errno in _FULL:
        log.error("no room on the disk", exc_info=error)
        return answer(request, Unavailable(_NO_ROOM))
    return unexpected(request, error)


class Internal(Problem):
    status, type = 500, "urn:park:internal"
    title = T("服务器出错", "Server error")


def internal(request: Request) -> Problem:
    return Internal(_INTERNAL, {"request_id": getattr(request.state, "request_id", "-")})


class Framework(Problem):
    """What the framework itself refuses; its status is said per answer."""

    title = T("请求无法处理", "The request cannot be handled")

    def __init__(self, status: int, detail: T, headers: Mapping[str, str]) -> None:
        super().__init__(detail, headers=headers)
        self.told = status

    def shown(self, locale: str) -> dict[str, object]:
        kind = NotFound.type if self.told == NotFound.status else "about:blank"
        return super().shown(locale) | {"status": self.told, "type": kind}


_WORDS = {
    401: T(
        "您还没有登录，或登录已失效；请先登录。",
        "You are not signed in, or no longer; sign in first.",
    ),
    404: T(
        "没有这个地址；请核对链接，或从首页重新进入。",
        "There is nothing at this address; check the link, or start from the home page.",
    ),
    405: T(
        "这个地址不接受该请求方法；请对照接口说明。",
        "This address does not take that method; see the description of the API.",
    ),
    413: T(
        "提交的内容超过大小上限，没有保存；请压缩文件，或分几次提交。",
        "The request is larger than allowed and nothing was saved; compress the file, or send less"
        " at once.",
    ),
    415: T(
        "不支持这种内容格式，没有保存；请对照接口说明，提交 JSON 或文件。",
        "Unsupported media type, nothing was saved; send JSON or a file, as the API describes.",
    ),
}


_PARSING = "There was an error parsing the body"  # FastAPI's words for a body it cannot decode


def _framework(exc: HTTPException) -> Framework:
    words = _WORDS.get(
        exc.status_code,
        T(
            "请求无法处理，没有保存；请刷新页面后重试。",
            "The request cannot be handled and nothing was saved; reload the page and try again.",
        ),
    )
    if exc.detail == _PARSING:
        words = _UNDECODABLE
    return Framework(exc.status_code, words, dict(exc.headers or {}))
