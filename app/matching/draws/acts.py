"""Releasing a draw takes two people: who froze the pool asked for it, a leader confirms."""

from app.core.labels import T
from app.matching.draws.permissions import LEADERS, OPERATORS
from app.registers.approvals.kinds import Kind, declare

_SAYS = T(
    "复核放行抽取「{title}」：放行后，抽中的专家名单生效，可据此组成评审组并公布。",
    'Release the draw "{title}": its result then stands; a panel may be formed of it and it may be'
    " published.",
)


RELEASE = declare(
    Kind(
        name="draws.release",
        label=T("抽取结果放行", "Release of a draw"),
        asks=OPERATORS,
        confirms=LEADERS,
        days=180,  # a public value may be named months ahead
        says=_SAYS,
        register="draws",
        move="release",
    )
)
