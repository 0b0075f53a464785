"""An enterprise's time in the park: in it, moved away, or struck off the companies' register."""

from datetime import date

from pydantic import Field

from app.access.roles import Role
from app.audit.work import Work
from app.core.clock import today
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.core.tables import Body
from app.ledgers.enterprises.models import Enterprise
from app.ledgers.enterprises.models import EnterpriseState as S
from app.registers.fields import F, bound
from app.registers.lifecycle import Lifecycle, Move, State
from app.registers.register import Change

_STATION = frozenset({Role.station_staff})
_TOO_LATE = T(
    "这个日期还没有到：不能晚于今天，请核对。",
    "The day lies in the future: give today or an earlier day.",
)


class ExitForm(Body):
    """What leaving asks for."""

    exited_on: date | None = None
    reason: str = Field(min_length=2, max_length=500)


class ReasonForm(Body):
    reason: str = Field(min_length=2, max_length=500)


REASON = F("reason", T("原因", "Reason"))
_EXIT_FIELDS = tuple(
    bound(f, ExitForm.model_fields[f.name])
    for f in (F("exited_on", T("日期", "Date"), help=T("不填即今天", "Empty: today")), REASON)
)
_REASON_FIELDS = (bound(REASON, ReasonForm.model_fields["reason"]),)

LIFECYCLE: Lifecycle[Enterprise] = Lifecycle(
    initial=S.in_park,
    states={
        S.in_park: State(T("在园", "In the park"), "success"),
        S.left: State(T("迁出", "Moved away"), "warning"),
        S.cancelled: State(T("注销", "Deregistered"), "neutral"),
    },
    moves={
        "leave": Move(
            T("迁出园区", "Move away"),
            frozenset({S.in_park}),
            S.left,
            _STATION,
            "warning",
            ExitForm,
            _EXIT_FIELDS,
        ),
        "cancel": Move(
            T("登记注销", "Deregister"),
            frozenset({S.in_park, S.left}),
            S.cancelled,
            _STATION,
            "danger",
            ExitForm,
            _EXIT_FIELDS,
        ),
        "reinstate": Move(
            T("恢复在园", "Reinstate"),
            frozenset({S.left, S.cancelled}),
            S.in_park,
            _STATION,
            "neutral",
            ReasonForm,
            _REASON_FIELDS,
        ),
    },
    editable={
        S.in_park: frozenset({Role.station_staff, Role.enterprise}),
        S.left: _STATION,
    },
)


async def note_exit(_: Work, change: Change[Enterprise]) -> None:
    """Keep the day an enterprise left or was struck off. Raises Invalid."""
    day = change.form.exited_on or today()
    if day > today():
        raise Invalid.of(FieldError("/exited_on", "in_future", _TOO_LATE))
    change.row.exited_on = day


async def forget_exit(_: Work, change: Change[Enterprise]) -> None:
    """An enterprise that is back has no day of leaving; history keeps the old one."""
    change.row.exited_on = None


ON_MOVE = {"leave": note_exit, "cancel": note_exit, "reinstate": forget_exit}
