"""The declaration of the assignments."""

from collections.abc import Sequence

from app.core.errors import FieldError
from app.core.labels import T
from app.matching.assignments import service, words
from app.matching.assignments.lifecycle import LIFECYCLE
from app.matching.assignments.models import Assignment, AssignmentBody
from app.matching.assignments.permissions import RIGHTS, visible_to
from app.registers.history import VERBS
from app.registers.register import Floor, Register

_TWICE = T("同一个项目选了两次，请去掉一次。", "The same project is chosen twice; take one out.")
_OTHER = T(
    "这个项目不在本批次中，请先加入本批次，或重新选择。",
    "Not among the projects of this batch; add it first, or choose another.",
)
_ROOM = T(
    "名额要求超过了专家人数，请减少名额或增加专家。",
    "The quotas ask for more than there are seats; lower them, or add seats.",
)

VERBS.update(
    {
        "run": T("开始计算", "Begun"),
        "solve": T("得出方案", "Solved"),
        "give_up": T("没有方案", "Without a solution"),
    }
)


def wrong_in(body: AssignmentBody) -> Sequence[FieldError]:
    """Return what contradicts itself in a batch."""
    found: list[FieldError] = []
    seen = set()
    for place, project in enumerate(body.project_ids):
        if project in seen:
            found.append(FieldError(f"/project_ids/{place}", "duplicate", _TWICE))
        seen.add(project)
    named = set()
    for place, one in enumerate(body.exceptions):
        if one.project_id not in seen:
            found.append(FieldError(f"/exceptions/{place}/project_id", "unknown", _OTHER))
        elif one.project_id in named:
            found.append(FieldError(f"/exceptions/{place}/project_id", "duplicate", _TWICE))
        named.add(one.project_id)
    fewest = min([body.seats, *(one.seats for one in body.exceptions)])
    asked = {"/finance_min": body.finance_min, "/offsite_min": body.offsite_min}
    return found + [
        FieldError(pointer, "too_many", _ROOM) for pointer, least in asked.items() if least > fewest
    ]


REGISTER: Register[Assignment, AssignmentBody] = Register(
    name=service.NAME,
    label=T("优化指派", "Assignments"),
    label_one=T("指派批次", "Assignment"),
    floor=Floor.matching,
    row=Assignment,
    body=AssignmentBody,
    fields=words.FIELDS,
    computed_fields=words.COMPUTED,
    title_field="title",
    rights=RIGHTS,
    evidence=True,
    visible_to=visible_to,
    lifecycle=LIFECYCLE,
    sections=words.SECTIONS,
    place=service.place,
    check=wrong_in,
    check_write=service.check,
    on_move={
        "start": service.on_start,
        "cancel": service.on_cancel,
        "adopt": service.on_adopt,
    },
)
