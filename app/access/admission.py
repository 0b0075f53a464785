"""What a session still has to do before it is let in: enrol a second factor, renew a password.

Until then it may only look at itself and do just that (``requests.HallDep``).
"""

from datetime import datetime
from enum import StrEnum

from app.access import password_rules, second_factor
from app.access.actor import Actor
from app.access.roles import Role
from app.core.errors import Problem
from app.core.labels import T


class Duty(StrEnum):
    second_factor = "second_factor"
    password = "password"  # noqa: S105 -- the name of a duty


class NotAdmitted(Problem):
    """A 403 that lifts once the duty it names is done (``Me.duties``)."""

    status, type = 403, "urn:park:not-admitted"
    title = T("请先完成账号安全设置", "Finish securing your account first")


_WHAT = {
    Duty.second_factor: T(
        "这个角色须使用动态验证码：请先在「账号安全」中启用或输入验证码，然后继续。",
        "This role needs a second factor: set one up, or enter its code, under account security;"
        " then go on.",
    ),
    Duty.password: T(
        "管理员密码已到期：请先在「账号安全」中更换密码，然后继续。",
        "The password of an administrator is due for change: choose a new one under account"
        " security; then go on.",
    ),
}


def duties(
    role: Role, second_factor_at: datetime | None, password_at: datetime | None
) -> list[Duty]:
    """Return what a session in ``role`` has to do first; [] for one that is let in."""
    found = []
    if second_factor.expected_of(role) and second_factor_at is None:
        found.append(Duty.second_factor)
    if password_rules.is_due(role, password_at):
        found.append(Duty.password)
    return found


def require_admitted(actor: Actor) -> None:
    """Raise NotAdmitted while a duty is open."""
    for duty in duties(actor.role, actor.second_factor_at, actor.password_at):
        raise NotAdmitted(_WHAT[duty])
