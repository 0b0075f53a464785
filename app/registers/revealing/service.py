"""The reveal act: right, reason, a fresh factor, a day's limit, the trail; then the value."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlmodel import col

from app.access.roles import Role, Wall, wall_of
from app.access.step_up import require_fresh_factor
from app.audit.work import Work
from app.core.clock import CIVIL, now, today
from app.core.errors import Forbidden, TooMany
from app.core.labels import T
from app.core.settings import get_settings
from app.registers import reading, secrets
from app.registers.directory import AnyRegister
from app.registers.fields import Disclosure, F
from app.registers.revealing.tables import Revelation
from app.registers.rights import only

_ONLY = T(
    "只有{who}可以查看{register}的个人信息原文，请联系他们办理。",
    "Only {who} may see the personal data of: {register}; ask one of them.",
)
_NEVER = T(
    "这类记录的个人信息不供查看原文，请直接联系本人。",
    "The personal data of such records is shown to nobody; ask the person themselves.",
)
_ELSEWHERE = T(
    "这条记录由其他单位管理，个人信息原文只供管理单位查看；请联系管理单位办理。",
    "Another organisation keeps this record and alone sees its personal data; ask that"
    " organisation.",
)
_ENOUGH = T(
    "您今天已查看 {most} 条个人信息原文，达到每日上限；请明天再查看，或请同事办理。",
    "You have seen the personal data of {most} records today, which is the most in a day; go on"
    " tomorrow, or ask a colleague.",
)


def revealed_to(f: F, role: Role) -> bool:
    """Say whether ``role`` sees the field's mask and may ask for its value.

    A party is shown its own values without asking.
    """
    plain = f.disclosure(role) is Disclosure.plain
    return f.secret and plain and wall_of(role) is Wall.staff


def revealers(register: AnyRegister) -> frozenset[Role]:
    """Return the roles that may ask for personal values of a register."""
    return frozenset(role for role in Role for f in register.secrets if revealed_to(f, role))


async def require_right(work: Work, register: AnyRegister, record_id: UUID) -> Any:
    """Return the record's row if this actor may ask at all. Raises NotFound, Forbidden."""
    row = await reading.row_of(work, register, record_id)
    may = revealers(register)
    if work.actor.role not in may:
        raise Forbidden(*only(may, _ONLY, _NEVER, register.label_one))
    if row.node_id not in work.actor.nodes:
        raise Forbidden(_ELSEWHERE)
    return row


async def reveal(
    work: Work, register: AnyRegister, record_id: UUID, reason: str
) -> tuple[dict[str, str], int]:
    """Return the personal values of one record by field, and how many looks are left today.

    Raises NotFound, Forbidden, StepUp, TooMany.
    """
    row = await require_right(work, register, record_id)
    await require_fresh_factor(work.actor)
    left = await _looks_left(work)
    names = [f.name for f in register.secrets if revealed_to(f, work.actor.role)]
    values = await secrets.values_of(work, register, record_id, names)
    await _put_down(work, register, row, sorted(values), reason)
    return values, left - 1


async def _looks_left(work: Work) -> int:
    """Return how often this account may still look today, at least once. Raises TooMany."""
    most, account = get_settings().reveals_a_day, work.actor.account_id
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"reveal/{account}", 0))
    await work.session.execute(select(lock))  # two looks at once are counted one after the other
    morning = datetime.combine(today(), time.min, CIVIL)
    had = await work.session.scalar(
        select(func.count()).where(
            col(Revelation.account_id) == account, col(Revelation.at) >= morning
        )
    )
    if int(had or 0) >= most:
        raise TooMany(_ENOUGH, {"most": most})
    return most - int(had or 0)


async def _put_down(
    work: Work, register: AnyRegister, row: Any, fields: list[str], reason: str
) -> None:
    place = {"region_id": row.region_id, "node_id": row.node_id, "register_name": register.name}
    look = Revelation(
        **place,
        record_id=row.id,
        fields=fields,
        reason=reason,
        account_id=work.actor.account_id,
        at=now(),
    )
    await work.session.execute(insert(Revelation), [look.model_dump()])
    await work.note(
        "reveal",
        register=register.name,
        record_id=row.id,
        record_label=str(getattr(row, register.title_field, "")),
        node_id=row.node_id,
        detail={"fields": fields, "reason": reason},
    )
