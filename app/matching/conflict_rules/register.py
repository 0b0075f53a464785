"""The declaration of the conflict rules."""

import re
from collections.abc import Sequence

from app.core.errors import FieldError
from app.core.http import CONSTRAINTS
from app.core.labels import T
from app.matching.conflict_rules import service
from app.matching.conflict_rules.lifecycle import LIFECYCLE
from app.matching.conflict_rules.models import ConflictRule, ConflictRuleBody, Effect
from app.matching.conflict_rules.permissions import RIGHTS, visible_to
from app.matching.conflicts import KINDS, Parameter
from app.registers.fields import F
from app.registers.register import Fence, Floor, Register

_ORDER = T("结束不能早于开始，请核对这两个日期。", "It ends before it begins; check both days.")
_STAYS = T(
    "身份信息不全的规则不能停用，否则无法核对回避；请调整其他规则。",
    "The rules about missing identity data cannot be switched off, or nothing could be checked;"
    " change others.",
)
_NO_SUCH = T(
    "「{rule}」不用这个数值，请清空它，或选择其他规则。",
    "The rule “{rule}” has no such figure; empty it, or choose another rule.",
)
_URL = T(
    "这不是网址，请写成以 http:// 或 https:// 开头的完整网址。",
    "Not a web address: write it in full, starting with http:// or https://.",
)
_TWO = T(
    "起草人不能启用自己起草的规则，请由另一位负责人启用。",
    "Whoever drafted a rule cannot put it into force; another person must.",
)

CONSTRAINTS["ck_conflict_rule_validity_in_order"] = ("/valid_to", _ORDER)
CONSTRAINTS["ck_conflict_rule_identity_stays"] = ("/effect", _STAYS)
CONSTRAINTS["ck_conflict_rule_two_persons"] = ("/state", _TWO)

EFFECTS: dict[str, T] = {
    Effect.apply: T("适用", "Applies"),
    Effect.suspend: T("停用", "Switched off"),
}
_RULE = (
    F(
        "code",
        T("规则", "Rule"),
        section="rule",
        choices={code.value: kind.name for code, kind in KINDS.items()},
        in_list=True,
        facet=True,
    ),
    F(
        "purpose",
        T("用途", "Purpose"),
        section="rule",
        choices=service.PURPOSES,
        in_list=True,
        facet=True,
    ),
    F("effect", T("效力", "Effect"), section="rule", choices=EFFECTS, in_list=True, facet=True),
    F("years", T("年限", "Years"), section="rule", unit=T("年", "years")),
    F("days", T("天数", "Days"), section="rule", unit=T("天", "days")),
    F("percent", T("百分比界限", "Percentage"), section="rule", unit=T("%", "%")),
    F("cap", T("次数上限", "At most"), section="rule", unit=T("次", "times")),
    F("valid_from", T("生效日期", "Valid from"), section="rule", in_list=True),
    F("valid_to", T("失效日期", "Valid until"), section="rule"),
)
_SOURCE = (
    F("document", T("依据文件", "Document"), section="source", search="A", in_list=True),
    F("document_no", T("文号", "Document number"), section="source", search="A"),
    F("clause", T("条款", "Clause"), section="source"),
    F("quote", T("条文原文", "Words of the clause"), section="source", search="C"),
    F("url", T("原文网址", "Web address"), section="source"),
    F(
        "note",
        T("制定理由", "Reason"),
        T("为什么收紧、放宽或停用。", "Why it is tightened, loosened or switched off."),
        section="source",
        search="C",
    ),
)
_COMPUTED = (
    F("name", T("规则名称", "Name"), section="rule", search="A"),
    F("quote_hash", T("条文摘要值", "Hash of the words"), section="source"),
    F("replaced_from", T("被取代日期", "Replaced from"), section="rule"),
    F("activated_by", T("启用人", "Put into force by"), section="rule"),
    F("activated_on", T("启用日期", "Put into force on"), section="rule"),
)


def wrong_in(body: ConflictRuleBody) -> Sequence[FieldError]:
    """Return what contradicts the kind of rule, or itself."""
    found: list[FieldError] = []
    kind = KINDS[body.code]
    if kind.fixed and body.effect is Effect.suspend:
        found.append(FieldError("/effect", "fixed", _STAYS))
    found += [
        FieldError(f"/{parameter}", "no_such", _NO_SUCH, {"rule": kind.name})
        for parameter in Parameter
        if getattr(body, parameter) is not None and parameter not in kind.takes
    ]
    if body.valid_to and body.valid_to < body.valid_from:
        found.append(FieldError("/valid_to", "before_start", _ORDER))
    if body.url and not re.fullmatch(r"https?://\S+", body.url):
        found.append(FieldError("/url", "invalid", _URL))
    return found


REGISTER: Register[ConflictRule, ConflictRuleBody] = Register(
    name=service.NAME,
    label=T("回避规则", "Conflict rules"),
    label_one=T("回避规则", "Conflict rule"),
    floor=Floor.matching,
    row=ConflictRule,
    body=ConflictRuleBody,
    fields=(*_RULE, *_SOURCE),
    computed_fields=_COMPUTED,
    title_field="name",
    rights=RIGHTS,
    evidence=True,
    visible_to=visible_to,
    lifecycle=LIFECYCLE,
    fence=Fence.library,
    sections={"rule": T("规则", "Rule"), "source": T("依据", "Source")},
    check=wrong_in,
    check_write=service.note_author,
    derive=service.derive,
    on_move={"activate": service.on_activate},
    guard_columns=("authors",),
)
