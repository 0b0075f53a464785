"""A fresh proof of who sits there: what grave acts ask for on top of a session."""

from datetime import timedelta

from app.access.actor import Actor
from app.core.clock import now
from app.core.errors import Problem
from app.core.labels import T

FRESH = timedelta(minutes=5)


class StepUp(Problem):
    """A 403 that a fresh factor lifts: prove who you are (POST /auth/step-up), then ask again."""

    status, type = 403, "urn:park:step-up"
    title = T("请再次确认身份", "Confirm that it is you")


_STALE = T(
    "这项操作影响重大，需要再次确认是您本人：请输入动态验证码（未启用时输入密码），确认后会继续"
    "办理，{minutes} 分钟内有效。",
    "This is a grave act and needs a fresh proof that it is you: enter the code of your"
    " authenticator (your password where none is in use); it then goes on, and holds for {minutes}"
    " minutes.",
)


async def require_fresh_factor(actor: Actor) -> None:
    """Raise StepUp unless ``actor`` gave a factor in this session within the last five minutes."""
    if actor.factor_at is None or now() - actor.factor_at > FRESH:
        raise StepUp(_STALE, {"minutes": FRESH.seconds // 60})
