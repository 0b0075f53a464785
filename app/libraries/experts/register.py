"""The declaration of the expert library."""

import re
from collections.abc import Sequence

from app.core.clock import today
from app.core.errors import FieldError
from app.core.http import CONSTRAINTS
from app.core.labels import T
from app.ledgers.enterprises import credit_code
from app.libraries.checks import code_errors, codes_errors, credit_code_errors
from app.libraries.experts import identity_number, service, words
from app.libraries.experts.lifecycle import LIFECYCLE, in_own_library
from app.libraries.experts.models import Expert, ExpertBody, Organisation
from app.libraries.experts.permissions import RIGHTS, visible_to
from app.registers.register import DuplicateRule, Fence, Floor, Register

_CONSENT = T(
    "登记电话、邮箱或证件号码之前，须先取得本人授权并填写授权日期。",
    "The person's consent and its day come before phone, e-mail or identity number.",
)
_FUTURE = T(
    "这个日期还没有到：不能晚于今天，请核对。",
    "The day lies in the future: give today or an earlier day.",
)
_ORDER = T("结束不能早于开始，请核对这两个日期。", "It ends before it begins; check both days.")
_NAMELESS = T(
    "还没有写明单位，请填写单位名称或统一社会信用代码。",
    "The organisation is missing: give its name or code.",
)
_EMAIL = T(
    "这不是邮箱地址，请写完整，例如 name@example.cn。",
    "Not an e-mail address: write it in full, such as name@example.cn.",
)
_INVENTED = credit_code.FICTITIOUS_REGION[:2]  # no province: what is made up lies there
_EMAIL_SHAPE = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

CONSTRAINTS["uq_expert_identity"] = (
    "/id_number",
    T(
        "这个证件号码不能登记，请联系生产力促进中心核实。",
        "This identity number cannot be entered; ask the productivity centre.",
    ),
)
CONSTRAINTS["ck_expert_personal_data_needs_consent"] = ("/consent_given_on", _CONSENT)
CONSTRAINTS["ck_expert_availability_in_order"] = ("/available_to", _ORDER)


def wrong_in(body: ExpertBody) -> Sequence[FieldError]:
    """Return what contradicts itself, or may not be kept about a person."""
    found = codes_errors("/hightech_fields", "hightech_field", body.hightech_fields)
    found += credit_code_errors("/organisation_uscc", body.organisation_uscc)
    if body.division_code and not body.division_code.startswith(_INVENTED):
        found += code_errors("/division_code", "division", f"{body.division_code[:2]}0000")
    for name in ("employments", "avoid_organisations", "shareholdings", "relations"):
        for place, row in enumerate(getattr(body, name)):
            found += _organisation_errors(f"/{name}/{place}", row)
    for place, job in enumerate(body.employments):
        if job.begun_on and job.ended_on and job.ended_on < job.begun_on:
            found.append(FieldError(f"/employments/{place}/ended_on", "before_start", _ORDER))
    available = body.available_from and body.available_to
    if available and body.available_to < body.available_from:  # type: ignore[operator]
        found.append(FieldError("/available_to", "before_start", _ORDER))
    return found + _personal_errors(body)


def _organisation_errors(pointer: str, row: Organisation) -> list[FieldError]:
    if not row.organisation and not row.uscc:
        return [FieldError(f"{pointer}/organisation", "missing", _NAMELESS)]
    return credit_code_errors(f"{pointer}/uscc", row.uscc)


def _personal_errors(body: ExpertBody) -> list[FieldError]:
    """Check personal values; one with a star is a mask: stored, unchanged, checked before."""
    found = []
    if body.consent_given_on is None and (body.phone or body.email or body.id_number):
        found.append(FieldError("/consent_given_on", "missing", _CONSENT))
    if body.consent_given_on and body.consent_given_on > today():
        found.append(FieldError("/consent_given_on", "in_future", _FUTURE))
    if body.email and not _EMAIL_SHAPE.fullmatch(body.email):
        found.append(FieldError("/email", "invalid", _EMAIL))
    if body.id_number and "*" not in body.id_number:
        told = identity_number.check(body.id_number, today())
        found += [
            FieldError("/id_number", wrong, identity_number.PROBLEMS[wrong])
            for wrong in told.errors
        ]
    return found


DUPLICATES = (
    DuplicateRule(T("证件号码相同", "Same identity number"), ("id_number",)),
    DuplicateRule(T("联系电话相同", "Same telephone"), ("phone",)),
    DuplicateRule(T("邮箱相同", "Same e-mail"), ("email",)),
    DuplicateRule(T("姓名相同", "Same name"), ("name",)),
)

REGISTER: Register[Expert, ExpertBody] = Register(
    name=service.NAME,
    label=T("专家库", "Experts"),
    label_one=T("专家", "Expert"),
    floor=Floor.libraries,
    row=Expert,
    body=ExpertBody,
    fields=words.FIELDS,
    computed_fields=words.COMPUTED,
    title_field="name",
    rights=RIGHTS,
    visible_to=visible_to,
    lifecycle=LIFECYCLE,
    fence=Fence.library,
    sections=words.SECTIONS,
    place=service.place,
    check=wrong_in,
    check_write=service.check_consent,
    derive=service.derive,
    after_write=service.forget,
    duplicates=DUPLICATES,
    on_move={
        "verify": service.into_library,
        "pause": service.on_pause,
        "resume": service.on_resume,
        "bar": service.on_bar,
        "appeal": service.on_appeal,
        "lift": service.on_lift,
    },
    may_edit=in_own_library,
)
