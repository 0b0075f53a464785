"""Putting a rule into force takes two people: its authors asked for it, a leader confirms."""

from app.audit.work import Work
from app.core.labels import T
from app.matching.conflict_rules.lifecycle import AUTHORS, HEADS
from app.registers.approvals.kinds import Kind, declare
from app.registers.approvals.tables import TwoPersonAct

_SAYS = T(
    "启用回避规则「{title}」：启用后按它判断回避，并取代同类的旧规则。",
    'Put the conflict rule "{title}" into force: conflicts are then judged by it, in the place of'
    " rules of its kind.",
)


async def _says(work: Work, act: TwoPersonAct) -> str:
    return _SAYS.filled(work.locale, {"title": act.label})


ACTIVATE = declare(
    Kind(
        name="conflict-rules.activate",
        label=T("启用回避规则", "Putting a conflict rule into force"),
        asks=AUTHORS,
        confirms=HEADS,
        days=90,
        says=_says,
        register="conflict-rules",
        move="activate",
    )
)
