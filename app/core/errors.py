"""Refusals: raised anywhere as a :class:`Problem`, caught nowhere, answered in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from app.core.labels import T


@dataclass(frozen=True, slots=True)
class FieldError:
    """One refused field: a JSON pointer into the body, a stable code, and words for a person."""

    pointer: str
    code: str
    text: T
    params: Mapping[str, object] = field(default_factory=dict)

    def shown(self, locale: str) -> dict[str, str]:
        return {
            "pointer": self.pointer,
            "code": self.code,
            "detail": self.text.filled(locale, self.params),
        }


class Problem(Exception):
    """Base of every refusal a caller can act on (RFC 9457)."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "urn:park:bad-request"
    title: ClassVar[T] = T("请求无法处理", "The request cannot be handled")

    def __init__(
        self,
        detail: T,
        params: Mapping[str, object] | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail.en)
        self.detail = detail
        self.params = params or {}
        self.errors = errors
        self.headers = headers or {}

    def shown(self, locale: str) -> dict[str, object]:
        """Return the problem document in ``locale``."""
        return {
            "type": self.type,
            "title": self.title.in_(locale),
            "status": self.status,
            "detail": self.detail.filled(locale, self.params),
            "errors": [error.shown(locale) for error in self.errors],
        }


class BadRequest(Problem):
    """The request itself is malformed (a forged cursor, an unreadable header)."""


class Unauthenticated(Problem):
    status, type = 401, "urn:park:unauthenticated"
    title = T("请先登录", "Sign in first")


class Forbidden(Problem):
    status, type = 403, "urn:park:forbidden"
    title = T("您没有这项权限", "You may not do this")


class NotFound(Problem):
    """Also what is there but may not be seen: the two look alike on purpose."""

    status, type = 404, "urn:park:not-found"
    title = T("没有找到", "Not found")

    def __init__(self, detail: T | None = None) -> None:
        super().__init__(
            detail
            or T(
                "没有这条记录，或者您无权查看；请返回列表重新打开。",
                "There is no such record you may see; open it from the list again.",
            )
        )


class Conflict(Problem):
    status, type = 409, "urn:park:conflict"
    title = T("与现有数据冲突", "In conflict with what is there")


class IllegalMove(Conflict):
    type = "urn:park:illegal-move"
    title = T("当前状态下不能这样做", "Not possible from this state")


class Stale(Problem):
    status, type = 412, "urn:park:stale"
    title = T("他人已先行修改", "Edited by someone else")


class TooLarge(Problem):
    status, type = 413, "urn:park:too-large"
    title = T("内容过大", "Too large")


class Unsupported(Problem):
    status, type = 415, "urn:park:unsupported-media-type"
    title = T("不支持的内容类型", "Unsupported media type")


class Invalid(Problem):
    status, type = 422, "urn:park:invalid"
    title = T("填写内容有误", "Some fields were refused")

    @classmethod
    def of(cls, *errors: FieldError) -> "Invalid":
        """Return the refusal of these fields, its detail counting them."""
        return cls(
            T(
                "有 {n} 处填写需要更正，请按各处的提示修改后再提交。",
                "{n} field(s) need correcting: follow the notes beside them, then send again.",
            ),
            {"n": len(errors)},
            errors,
        )


class KeyReused(Problem):
    status, type = 422, "urn:park:idempotency-key-reused"
    title = T("提交编号已用于其他内容", "Idempotency-Key used for another request")


class VersionRequired(Problem):
    status, type = 428, "urn:park:version-required"
    title = T("缺少版本号", "If-Match is required")


class TooMany(Problem):
    status, type = 429, "urn:park:too-many-requests"
    title = T("请求过于频繁", "Too many requests")


class Unavailable(Problem):
    status, type = 503, "urn:park:unavailable"
    title = T("服务暂时不可用", "Temporarily unavailable")

    def __init__(self, detail: T | None = None) -> None:
        super().__init__(
            detail
            or T(
                "数据库暂时无法连接，没有保存任何内容，请稍后重试。",
                "The database cannot be reached; nothing was saved. Try again shortly.",
            ),
            headers={"Retry-After": "2"},
        )
