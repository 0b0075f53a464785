"""The ledger of enterprises as the engine knows it."""

from collections.abc import Sequence
from typing import Any

from app.core.clock import today
from app.core.errors import FieldError
from app.core.http import CONSTRAINTS
from app.core.labels import T
from app.ledgers.coded import code_error
from app.ledgers.enterprises import credit_code
from app.ledgers.enterprises.fields import COMPUTED, FIELDS, SECTIONS
from app.ledgers.enterprises.figures import classify_size
from app.ledgers.enterprises.lifecycle import LIFECYCLE, ON_MOVE
from app.ledgers.enterprises.models import Enterprise, EnterpriseBody
from app.ledgers.enterprises.permissions import RIGHTS, visible_to
from app.ledgers.enterprises.service import gather_figures
from app.ledgers.enterprises.sheet import SHEET
from app.registers.register import DuplicateRule, Floor, Register

_IN_FUTURE = T(
    "这个日期还没有到：不能晚于今天，请核对。",
    "The day lies in the future: give today or an earlier day.",
)

CONSTRAINTS["uq_enterprise_uscc_live"] = (
    "/uscc",
    T(
        "本园区已有这个统一社会信用代码的企业；请先查找已有的记录，或核对代码。",
        "An enterprise of this park has that credit code; look for its record, or check the code.",
    ),
)


def check(body: EnterpriseBody) -> Sequence[FieldError]:
    """Say what is wrong beyond types and bounds.

    A firm younger than its entry into the park is odd but happens: it is not refused.
    """
    wrong = [
        FieldError("/uscc", code, credit_code.PROBLEMS[code])
        for code in credit_code.check(body.uscc).errors
    ]
    for name in ("established_on", "entered_on"):
        day = getattr(body, name)
        if day is not None and day > today():
            wrong.append(FieldError(f"/{name}", "in_future", _IN_FUTURE))
    wrong += code_error("/industry_code", "industry", body.industry_code)
    wrong += code_error("/hightech_field", "hightech_field", body.hightech_field)
    return wrong


def derive(enterprise: Enterprise) -> None:
    """Set what follows from the rest: an enterprise owns its own record."""
    enterprise.owner_id = enterprise.id
    classify_size(enterprise)


#: What names of companies have in common and tell none apart.
_LEGAL_FORMS = "有限责任公司|股份有限公司|有限公司|集团|公司|厂$"
DUPLICATES = (
    DuplicateRule(T("统一社会信用代码相同", "Same credit code"), ("uscc",)),
    DuplicateRule(T("联系电话相同", "Same telephone"), ("contact_phone",)),
    DuplicateRule(T("高企证书编号相同", "Same certificate number"), ("hnte_certificate_no",)),
    DuplicateRule(T("企业名称相近", "Similar name"), ("name",), 0.68, ignoring=_LEGAL_FORMS),
)

REGISTER: Register[Any, Any] = Register(
    name="enterprises",
    label=T("企业台账", "Enterprises"),
    label_one=T("企业", "Enterprise"),
    floor=Floor.ledgers,
    row=Enterprise,
    body=EnterpriseBody,
    fields=FIELDS,
    computed_fields=COMPUTED,
    sections=SECTIONS,
    title_field="name",
    rights=RIGHTS,
    visible_to=visible_to,
    lifecycle=LIFECYCLE,
    on_move=ON_MOVE,
    natural_key="uscc",
    check=check,
    sheet_figures=SHEET,
    derive=derive,
    duplicates=DUPLICATES,
    gather=gather_figures,
)
