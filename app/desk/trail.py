"""/audit: the trail, for the audit administrator alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, select, tuple_
from sqlmodel import col

from app.access.roles import LABELS, Role
from app.audit.requests import WorkDep
from app.audit.trail import AuditEntry, Outcome
from app.audit.work import Work
from app.core.errors import BadRequest, NotFound, Unauthenticated
from app.core.http import documented
from app.core.instants import Instant, LastInstant
from app.core.labels import T
from app.registers import directory, sheet_files
from app.registers.history import VERBS, verb_label

router = APIRouter(prefix="/audit", tags=["audit"], responses=documented(Unauthenticated, NotFound))

_EXPORT_MOST = 100_000
_BAD_CURSOR = T("翻页标记无效，请从第一页重新开始。", "The cursor is not valid; start again.")
_WORDS = {
    "account.sign_in": T("登录", "Signed in"),
    "account.sign_out": T("退出", "Signed out"),
    "account.set_up": T("启用账号", "Account activated"),
    "account.hat": T("切换角色", "Role changed"),
    "account.password": T("修改密码", "Password changed"),
    "account.session_end": T("结束会话", "Session ended"),
    "account.create": T("新建账号", "Account created"),
    "account.disable": T("停用账号", "Account disabled"),
    "account.enable": T("启用账号", "Account enabled"),
    "account.reset": T("重置密码", "Password reset"),
    "act.ask": T("提出须两人办理的事项", "Act for two people asked for"),
    "act.confirm": T("第二人确认", "Confirmed by a second person"),
    "act.refuse": T("第二人不予确认", "Refused by a second person"),
    "act.withdraw": T("撤回须两人办理的事项", "Act for two people taken back"),
    "reveal": T("查看个人信息原文", "Personal data shown"),
    "blind_checked": T("核对脱敏稿的疑似词语", "Doubtful words of a blind text checked"),
    "account.grant": T("授予角色", "Role granted"),
    "account.ungrant": T("收回角色", "Role taken"),
    "organisation.create": T("新建单位", "Organisation created"),
    "organisation.revise": T("修改单位", "Organisation revised"),
    "audit.export": T("导出审计", "Trail exported"),
    "audit.check": T("核验审计封存", "Seals of the trail checked"),
    "trail.retire": T("归档并删除到期审计", "A month of the trail archived and dropped"),
    "backup.make": T("备份", "Backup made"),
    "backup.restore": T("从备份恢复", "Restored from a backup"),
    "attach": T("上传附件", "File added"),
    "detach": T("删除附件", "File removed"),
    "comment": T("发表评论", "Commented"),
    "comment_edit": T("修改评论", "Comment changed"),
    "comment_delete": T("删除评论", "Comment removed"),
    "account.mail_address": T("设置邮箱", "Mail address set"),
    "account.mail_verified": T("验证邮箱", "Mail address proved"),
    "export": T("导出", "Exported"),
    "batch": T("批量修改", "Changed in bulk"),
    "import": T("导入", "Imported"),
    "import_check": T("导入预检", "Import checked"),
    "import_mapping": T("重新对应列", "Columns of an import mapped anew", "重新對應欄位"),
    "import_file": T("取回导入文件", "File of an import taken back"),
    "import_undo": T("撤销导入", "Import undone"),
    "not_same": T("标记为不重复", "Said to be no double"),
    "maybe_same": T("取消不重复标记", "May be a double again"),
    "match_search": T("查找对接人选", "Looked for candidates"),
}


class TrailQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")
    register_name: str | None = Field(default=None, max_length=32, alias="register")
    record_id: UUID | None = None
    account: UUID | None = None
    username: str | None = Field(default=None, max_length=64)
    verb: str | None = Field(default=None, max_length=64)
    outcome: Outcome | None = None
    since: Instant | None = None
    until: LastInstant | None = None
    after: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=50, ge=1, le=500)


class AccountNamed(BaseModel):
    id: UUID | None
    username: str
    name: str


class EntryShown(BaseModel):
    id: UUID
    at: datetime
    account: AccountNamed
    role: Role | None
    role_label: str
    organisation: str
    verb: str
    verb_label: str
    register_name: str = Field(serialization_alias="register")
    record_id: UUID | None
    record_label: str
    outcome: Outcome
    ip: str
    request_id: str
    detail: dict[str, Any]


class Trail(BaseModel):
    items: list[EntryShown]
    next: str | None


def _require_auditor(work: Work) -> None:
    if work.actor.role is not Role.auditor:
        raise NotFound


def _statement(query: TrailQuery) -> Select[AuditEntry]:
    entry = AuditEntry
    wanted = {
        col(entry.register_name): query.register_name,
        col(entry.record_id): query.record_id,
        col(entry.account_id): query.account,
        col(entry.username): query.username,
        col(entry.outcome): query.outcome,
    }
    statement = select(entry).where(*(c == v for c, v in wanted.items() if v is not None))
    if query.verb:
        statement = statement.where(col(entry.verb).startswith(query.verb, autoescape=True))
    if query.since:
        statement = statement.where(col(entry.at) >= query.since)
    if query.until:
        statement = statement.where(col(entry.at) <= query.until)
    return statement.order_by(col(entry.at).desc(), col(entry.id).desc())


@router.get("", operation_id="audit_list", summary="The trail, newest first")
async def list_entries(work: WorkDep, query: Annotated[TrailQuery, Query()]) -> Trail:
    _require_auditor(work)
    statement = _statement(query)
    if query.after:
        key = tuple_(col(AuditEntry.at), col(AuditEntry.id))
        statement = statement.where(key < tuple_(*_position(query.after)))
    found = list((await work.session.execute(statement.limit(query.limit + 1))).scalars())
    page = found[: query.limit]
    more = f"{page[-1].at.isoformat()}_{page[-1].id}" if len(found) > query.limit else None
    return Trail(items=[shown(work, entry) for entry in page], next=more)


def _position(after: str) -> tuple[datetime, UUID]:
    at, _, entry_id = after.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(entry_id)
    except ValueError as exc:
        raise BadRequest(_BAD_CURSOR) from exc


def shown(work: Work, entry: AuditEntry) -> EntryShown:
    """Return one act in words."""
    return EntryShown(
        **entry.model_dump(
            include={
                "id",
                "at",
                "role",
                "verb",
                "record_id",
                "record_label",
                "outcome",
                "ip",
                "request_id",
                "detail",
            }
        ),
        account=AccountNamed(id=entry.account_id, username=entry.username, name=entry.account_name),
        role_label=LABELS[entry.role].in_(work.locale) if entry.role else "",
        organisation=entry.organisation_name,
        verb_label=said(entry.verb, work.locale),
        register_name=entry.register_name,
    )


def said(verb: str, locale: str) -> str:
    """Return what an act is called: ``needs.move.accept`` by the register's own words."""
    if verb in _WORDS:
        return _WORDS[verb].in_(locale)
    name, _, rest = verb.partition(".")
    register = next((r for r in directory.everything() if r.name == name), None)
    if register is None:
        return verb
    if rest in _WORDS or rest in VERBS:
        act = (_WORDS.get(rest) or VERBS[rest]).in_(locale)
    else:
        act = verb_label(register, rest, locale)
    return f"{register.label_one.in_(locale)}：{act}"


_HEADERS = (
    T("时间", "Time"),
    T("账号", "Account"),
    T("姓名", "Name"),
    T("角色", "Role"),
    T("单位", "Organisation"),
    T("操作", "Act"),
    T("对象", "Record"),
    T("对象编号", "Record id"),
    T("结果", "Outcome"),
    T("来源地址", "Address"),
    T("请求编号", "Request"),
)


@router.get("/export.{form}", operation_id="audit_export", summary="The trail as a file")
async def export(
    work: WorkDep, form: sheet_files.Form, query: Annotated[TrailQuery, Query()]
) -> Response:
    _require_auditor(work)
    found = (await work.session.execute(_statement(query).limit(_EXPORT_MOST))).scalars().all()
    lines = [_line(shown(work, entry)) for entry in found]
    await work.note("audit.export", detail={"form": form, "rows": len(lines)})
    headers = [header.in_(work.locale) for header in _HEADERS]
    return sheet_files.answer(form, "audit", headers, lines)


def _line(entry: EntryShown) -> Sequence[Any]:
    return (
        entry.at.isoformat(),
        entry.account.username,
        entry.account.name,
        entry.role_label,
        entry.organisation,
        entry.verb_label,
        entry.record_label,
        str(entry.record_id or ""),
        entry.outcome.value,
        entry.ip,
        entry.request_id,
    )
