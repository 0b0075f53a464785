"""The declaration of the achievements library."""

from collections.abc import Sequence

from app.core.errors import FieldError
from app.core.http import CONSTRAINTS
from app.core.labels import T
from app.libraries.achievements import service, words
from app.libraries.achievements.lifecycle import LIFECYCLE
from app.libraries.achievements.models import Achievement, AchievementBody
from app.libraries.achievements.permissions import RIGHTS, may_edit, visible_to
from app.libraries.checks import code_errors
from app.registers.register import DuplicateRule, Fence, Floor, Register

CONSTRAINTS["uq_achievement_registration_no"] = (
    "/registration_no",
    T(
        "这个成果登记号已经登记过；请先查找已有的成果，或核对登记号。",
        "This registration number is taken; look for that achievement, or check the number.",
    ),
)
CONSTRAINTS["fk_achievement_region_id_enterprise_id"] = (
    "/enterprise_id",
    T(
        "企业不在本市台账中；请先登记企业，或重新选择。",
        "The enterprise is not in this city's ledger; register it first, or choose another.",
    ),
)
CONSTRAINTS["fk_achievement_region_id_expert_id"] = (
    "/expert_id",
    T(
        "专家不在本市专家库中；请先登记专家，或重新选择。",
        "The expert is not in this city's library; register them first, or choose another.",
    ),
)


def wrong_in(body: AchievementBody) -> Sequence[FieldError]:
    """Return what cites a code no catalogue knows."""
    return code_errors("/hightech_field", "hightech_field", body.hightech_field)


DUPLICATES = (
    DuplicateRule(T("成果登记号相同", "Same registration number"), ("registration_no",)),
    DuplicateRule(T("成果名称相近", "Similar title"), ("title",), 0.72),
)

REGISTER: Register[Achievement, AchievementBody] = Register(
    name=service.NAME,
    label=T("科技成果库", "Achievements"),
    label_one=T("科技成果", "Achievement"),
    floor=Floor.libraries,
    row=Achievement,
    body=AchievementBody,
    fields=words.FIELDS,
    computed_fields=words.COMPUTED,
    title_field="title",
    rights=RIGHTS,
    visible_to=visible_to,
    lifecycle=LIFECYCLE,
    fence=Fence.library,
    sections=words.SECTIONS,
    natural_key="registration_no",
    place=service.place,
    check=wrong_in,
    check_write=service.check_owners,
    derive=service.derive,
    after_write=service.keep_offer,
    duplicates=DUPLICATES,
    on_move={
        "evaluate": service.on_evaluate,
        "contract": service.on_contract,
        "register_contract": service.on_register_contract,
    },
    may_edit=may_edit,
)
