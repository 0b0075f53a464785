"""What the moves of a need ask for."""

from uuid import UUID

from pydantic import Field
from sqlmodel import SQLModel

from app.core.labels import T
from app.core.tables import Body
from app.ledgers.needs.models import RejectCode
from app.registers.fields import F, bound

REJECT_CODES = {
    RejectCode.not_a_tech_need.value: T("不属于科技服务范围", "No matter of science services"),
    RejectCode.incomplete.value: T("材料不全且逾期未补", "Incomplete and not mended in time"),
    RejectCode.duplicate.value: T("重复提交", "Filed before"),
    RejectCode.not_in_park.value: T("非本园区企业", "Not an enterprise of this park"),
    RejectCode.state_secret.value: T(
        "涉及国家秘密，应走线下渠道", "A state secret: to be handled offline"
    ),
    RejectCode.other.value: T("其他", "Other"),
}


class ReasonForm(Body):
    reason: str = Field(min_length=2, max_length=1000)


class NoteForm(Body):
    """A remark that may be left out; it stands in the history."""

    reason: str | None = Field(default=None, max_length=1000)


class RejectForm(Body):
    reason_code: RejectCode
    reason: str = Field(min_length=2, max_length=1000)


class MergeForm(Body):
    into: UUID
    reason: str | None = Field(default=None, max_length=1000)


class PublishForm(Body):
    blind_title: str = Field(min_length=2, max_length=120)
    blind_text: str = Field(min_length=2, max_length=5000)
    checked: bool = False


class ResolveForm(Body):
    result: str = Field(min_length=2, max_length=5000)


def fields_of(form: type[SQLModel], *fields: F) -> tuple[F, ...]:
    """Return a form's fields bound to its annotations."""
    return tuple(bound(f, form.model_fields[f.name]) for f in fields)


_REASON = F("reason", T("原因", "Reason"))
_NOTE = F("reason", T("说明", "Remark"))
REASON = (ReasonForm, fields_of(ReasonForm, _REASON))
NOTE = (NoteForm, fields_of(NoteForm, _NOTE))
REASON_IF_OPEN = (
    NoteForm,
    fields_of(
        NoteForm,
        F(
            "reason",
            T("原因", "Reason"),
            help=T(
                "未经企业确认就关闭时必须填写。", "Required when the enterprise has not confirmed."
            ),
        ),
    ),
)
REJECT = (
    RejectForm,
    fields_of(
        RejectForm,
        F("reason_code", T("不予受理的类别", "Kind of refusal"), choices=REJECT_CODES),
        _REASON,
    ),
)
MERGE = (
    MergeForm,
    fields_of(MergeForm, F("into", T("并入哪条需求", "Into which need"), reference="needs"), _NOTE),
)
PUBLISH = (
    PublishForm,
    fields_of(
        PublishForm,
        F("blind_title", T("脱敏标题", "Blind title")),
        F(
            "blind_text",
            T("脱敏公开稿", "Blind text"),
            help=T(
                "公开网站上任何人可见，不得出现企业名称、人名、电话、地址等。",
                "Anybody can read it: no names, persons, telephones, addresses.",
            ),
        ),
        F(
            "checked",
            T("已核对", "Checked"),
            help=T(
                "系统提示「可能」暴露企业的词语，核对无误后再勾选。",
                "Tick it once you have checked the words that only may give the enterprise away.",
            ),
        ),
    ),
)
RESOLVE = (
    ResolveForm,
    fields_of(ResolveForm, F("result", T("解决情况", "How it was solved"))),
)
