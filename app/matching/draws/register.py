"""The declaration of the draws."""

from collections.abc import Sequence

from app.core.errors import FieldError
from app.core.http import CONSTRAINTS
from app.core.labels import T
from app.libraries.checks import codes_errors, credit_code_errors
from app.matching.drawing.seats import Quotas, TooFewSeats, plans
from app.matching.draws import freezing, holding, matter, publishing, words
from app.matching.draws.lifecycle import GUARDED, LIFECYCLE
from app.matching.draws.models import Draw, DrawBody, DrawMethod
from app.matching.draws.permissions import RIGHTS, visible_to
from app.registers.register import Floor, Register

_ONE = T(
    "需求和项目只能填写其一，请清空另一项。",
    "Either a need or a project, not both: empty one of them.",
)
_NONE = T(
    "还没有写明为什么事项抽取，请填写需求、项目或事项说明。",
    "The matter is missing: give a need, a project, or say what it is for.",
)
_BEACON = T("选择了公共随机值的方式，请写明使用哪一个。", "A public value is to be used: name it.")
_ORDERED = T(
    "这是同一事项的再次抽取，须写明由谁决定。",
    "This matter was drawn for before: say who ordered another draw.",
)
_WHY = T(
    "这是同一事项的再次抽取，须写明理由，将予公开。",
    "This matter was drawn for before: say why there is another draw; it is made public.",
)
_SEATS = T(
    "名额要求超过了抽取人数，请减少名额或增加人数。",
    "The quotas ask for more than there are members; lower them, or add members.",
)
_TAKEN = T(
    "该次抽取已由另一次取代或接续；请注明最近的那一次。",
    "Another draw follows that one already; name the latest.",
)
_FROZEN = T(
    "名单已经封存，不能再更改；如条件有误，请由中心主任作废后重新抽取。",
    "A frozen draw is not changed; if its terms are wrong, the centre leader voids it and a"
    " new one is made.",
)
_TWO = T(
    "主持人和见证人须是两个账号，请由另一位提交。",
    "Operator and witness are two accounts; let somebody else give this promise.",
)

CONSTRAINTS["uq_draw_supersedes"] = ("/supersedes_id", _TAKEN)
CONSTRAINTS["ck_draw_frozen"] = ("", _FROZEN)
CONSTRAINTS["ck_draw_two_parties"] = ("", _TWO)


def wrong_in(body: DrawBody) -> Sequence[FieldError]:
    """Return what contradicts itself in a plan."""
    found = codes_errors("/hightech_fields", "hightech_field", body.hightech_fields)
    for place, one in enumerate(body.concerned):
        found += credit_code_errors(f"/concerned/{place}/uscc", one.uscc)
    if body.need_id and body.project_id:
        found.append(FieldError("/project_id", "one_of", _ONE))
    if not (body.need_id or body.project_id or body.subject_note):
        found.append(FieldError("/project_id", "missing", _NONE))
    if body.method is DrawMethod.beacon and not body.beacon:
        found.append(FieldError("/beacon", "missing", _BEACON))
    if body.supersedes_id and not body.ordered_by:
        found.append(FieldError("/ordered_by", "missing", _ORDERED))
    if body.supersedes_id and not body.redraw_reason:
        found.append(FieldError("/redraw_reason", "missing", _WHY))
    return found + _quota_errors(body)


def _quota_errors(body: DrawBody) -> list[FieldError]:
    try:
        plans(
            Quotas(
                body.size,
                body.per_unit_max,
                body.technical_min_percent,
                body.finance_min,
                body.offsite_min,
            )
        )
    except TooFewSeats:
        return [FieldError("/size", "too_few_seats", _SEATS)]
    return []


REGISTER: Register[Draw, DrawBody] = Register(
    name=matter.NAME,
    label=T("专家抽取", "Draws"),
    label_one=T("抽取", "Draw"),
    floor=Floor.matching,
    row=Draw,
    body=DrawBody,
    fields=words.FIELDS,
    computed_fields=words.COMPUTED,
    title_field="title",
    rights=RIGHTS,
    evidence=True,
    visible_to=visible_to,
    lifecycle=LIFECYCLE,
    sections=words.SECTIONS,
    place=matter.place,
    check=wrong_in,
    check_write=matter.check,
    after_write=publishing.keep_public,
    on_move={
        "freeze": freezing.on_freeze,
        "commit": holding.on_commit,
        "reveal": holding.on_reveal,
        "enter_beacon": holding.on_beacon,
        "release": holding.on_release,
        "publish": holding.on_publish,
        "void": holding.on_void,
    },
    guard_columns=GUARDED,
)
