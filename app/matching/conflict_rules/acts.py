"""Putting a rule into force takes two people: its authors asked for it, a leader confirms."""

from app.core.labels import T
from app.matching.conflict_rules.lifecycle import AUTHORS, HEADS
from app.registers.approvals.kinds import Kind, declare

_SAYS = T(
    "启用回避规则「{title}」：启用后按它判断回避，并取代同类的旧规则。",
    'Put the conflict rule "{title}" into force: conflicts are then judged by it, in the place of'
    " rules of its kind.",
)


ACTIVATE = declare(
    Kind(
        name="conflict-rules.activate",
        label=T("启用回避规则", "Putting a conflict rule into force"),
        asks=AUTHORS,
        confirms=HEADS,
        days=90,
        says=_SAYS,
        register="conflict-rules",
        move="activate",
    )
)
