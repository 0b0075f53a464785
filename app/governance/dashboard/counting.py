"""Many counts in one statement: each is what a list with that query would count for this actor."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, select

from app.access.roles import Role
from app.audit.work import Work
from app.registers.directory import AnyRegister
from app.registers.filters import conditions, query_model
from app.registers.visibility import visible

#: A query as the address of a list has it.
Asked = Mapping[str, str | Sequence[str]]
#: Upward, a group this small could point at somebody (as in facets).
_LEAST_UPWARD = 3


def _where(register: AnyRegister, work: Work, asked: Asked) -> Any:
    told = {k: v if k.partition("__")[1] else _listed(v) for k, v in asked.items()}
    query = query_model(register).model_validate(told)
    return and_(True, *conditions(register, work.actor, query))  # noqa: FBT003 -- and_ of nothing


def _listed(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


async def counts(work: Work, register: AnyRegister, asked: Sequence[Asked]) -> list[int | None]:
    """Return how many records each query finds; None where a group upward is too small to tell."""
    if not asked:
        return []
    columns = [func.count().filter(_where(register, work, one)) for one in asked]
    statement = select(*columns).select_from(register.row).where(visible(register, work.actor))
    row = (await work.session.execute(statement)).one()
    return [tellable(work, int(value)) for value in row]


def tellable(work: Work, value: int) -> int | None:
    small = work.actor.role is Role.province_staff and 0 < value < _LEAST_UPWARD
    return None if small else value


async def median_days(
    work: Work, register: AnyRegister, begun: str, ended: str, asked: Sequence[Asked]
) -> list[float | None]:
    """Return the median of the days from one date to another, over what each query finds."""
    if not asked:
        return []
    days = getattr(register.row, ended) - getattr(register.row, begun)
    columns = [
        func.percentile_cont(0.5).within_group(days).filter(_where(register, work, one))
        for one in asked
    ]
    statement = select(*columns).select_from(register.row).where(visible(register, work.actor))
    row = (await work.session.execute(statement)).one()
    return [None if value is None else float(value) for value in row]
