"""The declaration of the project library."""

from collections.abc import Sequence

from app.core.errors import FieldError
from app.core.http import CONSTRAINTS
from app.core.labels import T
from app.libraries.checks import code_errors, credit_code_errors
from app.libraries.projects import service, words
from app.libraries.projects.lifecycle import LIFECYCLE
from app.libraries.projects.models import Project, ProjectBody, UndertakerRole
from app.libraries.projects.permissions import RIGHTS, may_edit, visible_to
from app.registers.register import DuplicateRule, Floor, Register

_ONE_LEAD = T(
    "牵头单位只能有一家，请把其余的改为参与单位。",
    "Only one undertaker may lead; make the others participants.",
)
_NAMELESS = T(
    "还没有写明单位，请选择台账中的企业，或填写单位名称。",
    "The undertaker is missing: choose an enterprise of the ledger, or give a name.",
)
_PERIOD = T(
    "结束日期不能早于开始日期，请核对这两个日期。", "It ends before it begins; check both days."
)

CONSTRAINTS["uq_project_project_no"] = (
    "/project_no",
    T(
        "这个项目编号已经登记过；请先查找已有的项目，或核对编号。",
        "This project number is taken; look for that project, or check the number.",
    ),
)
CONSTRAINTS["ck_project_period_in_order"] = ("/period_to", _PERIOD)
CONSTRAINTS["fk_project_region_id_owner_id"] = (
    "/undertakers",
    T(
        "牵头企业不在本市台账中；请先登记企业，或重新选择。",
        "The leading enterprise is not in this city's ledger; register it first, or choose"
        " another.",
    ),
)


def wrong_in(body: ProjectBody) -> Sequence[FieldError]:
    """Return what contradicts itself, or cites what no catalogue knows."""
    found = code_errors("/hightech_field", "hightech_field", body.hightech_field)
    found += code_errors("/industry_code", "industry", body.industry_code)
    if body.period_from and body.period_to and body.period_to < body.period_from:
        found.append(FieldError("/period_to", "before_start", _PERIOD))
    leads = 0
    for place, undertaker in enumerate(body.undertakers):
        pointer = f"/undertakers/{place}"
        found += credit_code_errors(f"{pointer}/uscc", undertaker.uscc)
        if not undertaker.name and not undertaker.enterprise_id:
            found.append(FieldError(f"{pointer}/name", "missing", _NAMELESS))
        leads += undertaker.role is UndertakerRole.lead
        if undertaker.role is UndertakerRole.lead and leads > 1:
            found.append(FieldError(f"{pointer}/role", "second_lead", _ONE_LEAD))
    return found


DUPLICATES = (
    DuplicateRule(T("项目编号相同", "Same project number"), ("project_no",)),
    DuplicateRule(T("项目名称相近", "Similar title"), ("title",), 0.72),
)

REGISTER: Register[Project, ProjectBody] = Register(
    name=service.NAME,
    label=T("项目库", "Projects"),
    label_one=T("项目", "Project"),
    floor=Floor.libraries,
    row=Project,
    body=ProjectBody,
    fields=words.FIELDS,
    computed_fields=words.COMPUTED,
    title_field="title",
    rights=RIGHTS,
    visible_to=visible_to,
    lifecycle=LIFECYCLE,
    sections=words.SECTIONS,
    natural_key="project_no",
    place=service.place,
    check=wrong_in,
    check_write=service.check_undertakers,
    derive=service.derive,
    after_write=service.let_members_in,
    duplicates=DUPLICATES,
    on_move={
        "argue": service.on_argue,
        "apply": service.on_apply,
        "approve": service.on_approve,
        "delay": service.on_delay,
    },
    may_edit=may_edit,
)
