"""Saved views: a list as somebody wants to see it again, for themselves or their colleagues.

A view is a question, never an answer: whoever opens it asks with their own sight, and what of it
they may not ask about is left out.
"""

from collections.abc import Mapping, Sequence
from typing import Any, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import CENTRE, Role, Wall, named
from app.audit.work import Work
from app.core.clock import now
from app.core.errors import FieldError, Forbidden, Invalid, NotFound
from app.core.labels import T
from app.core.validation import invalid
from app.registers.directory import AnyRegister, open_to
from app.registers.disclosure import askable_fields, visible_fields
from app.registers.filters import ListQuery, conditions, query_model
from app.registers.ordering import keys
from app.registers.together.tables import SavedView, Shared, ViewDefault

MOST = 100  # views of one person in one register
_OF_A_PAGE = frozenset({"after", "offset", "limit", "count", "facets", "fields"})
_ABOVE = CENTRE | {Role.province_staff}

_NOT_OWN = T(
    "只有保存这个视图的人可以修改或删除它；您可以另存为自己的视图。",
    "Only whoever saved this view may change or delete it; save it as your own instead.",
)
_NO_SHARING = T(
    "企业和专家的视图只供自己使用；如需同事使用，请把地址栏的链接发给对方。",
    "Views of enterprises and experts are their own; send a colleague the address instead.",
)
_NOT_BELOW = T(
    "只有{who}可以把视图共享给下级；您可以共享给本单位。",
    "Only {who} may share a view with those below; share it with your own organisation.",
)
_TOO_MANY = T(
    "您在这个台账已保存 {n} 个视图；请先删除不用的，再保存新的。",
    "You have saved {n} views here; delete one you do not need, then save again.",
)
_UNKNOWN = T(
    "视图不能保存这个条件，因为您不能按它查询；请去掉后再保存。",
    "The view cannot keep this condition, for you may not ask by it; take it out and save again.",
)


class ViewColumn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=64)
    width: int | None = Field(default=None, ge=40, le=1000)
    pinned: bool = False


class ViewGiven(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    title: str = Field(min_length=1, max_length=60)
    query: dict[str, list[str]] = Field(default_factory=dict, max_length=60)
    columns: list[ViewColumn] = Field(default_factory=list, max_length=200)
    shared: Shared = Shared.nobody
    pinned: bool = True
    position: int = Field(default=0, ge=0, le=1000)


class NewView(ViewGiven):
    register_name: str = Field(max_length=32, alias="register")


class DefaultView(BaseModel):
    model_config = ConfigDict(extra="forbid")
    register_name: str = Field(max_length=32, alias="register")
    view_id: UUID | None


class ViewShown(BaseModel):
    id: UUID
    title: str
    query: dict[str, list[str]]
    columns: list[ViewColumn]
    shared: Shared
    pinned: bool
    position: int
    mine: bool
    by: str
    default: bool
    partial: bool = Field(description="A condition or column is left out: one may not ask by it")


class Views(BaseModel):
    items: list[ViewShown]
    may_share: list[Shared]


async def views(work: Work, register_name: str) -> Views:
    """Return one's own views of a register and those shared with one. Raises NotFound."""
    register = open_to(register_name, work.actor.role)
    found = await work.session.execute(
        select(SavedView)
        .where(col(SavedView.register_name) == register.name, _seen(work.actor))
        .order_by(
            (col(SavedView.account_id) != work.actor.account_id),
            col(SavedView.position),
            col(SavedView.created_at),
        )
    )
    first = await _default(work, register)
    items = [_shown(work, register, one, first) for one in found.scalars()]
    return Views(items=items, may_share=_may_share(work.actor))


def _seen(actor: Actor) -> Any:
    """Return the predicate of the views an actor is offered."""
    view = SavedView
    mine = col(view.account_id) == actor.account_id
    if actor.wall is not Wall.staff:
        return mine
    here = and_(col(view.shared) != Shared.nobody, col(view.node_id) == actor.node_id)
    above = [n for n in actor.library_nodes if n not in actor.nodes]
    from_above = and_(col(view.shared) == Shared.below, col(view.node_id).in_(above))
    return or_(mine, here, from_above)


def _may_share(actor: Actor) -> list[Shared]:
    if actor.wall is not Wall.staff:
        return [Shared.nobody]
    return list(Shared) if actor.role in _ABOVE else [Shared.nobody, Shared.node]


async def _default(work: Work, register: AnyRegister) -> UUID | None:
    found: UUID | None = await work.session.scalar(
        select(col(ViewDefault.view_id)).where(
            col(ViewDefault.account_id) == work.actor.account_id,
            col(ViewDefault.register_name) == register.name,
        )
    )
    return found


def _shown(work: Work, register: AnyRegister, view: SavedView, first: UUID | None) -> ViewShown:
    role = work.actor.role
    asked = askable_fields(register, role)
    query = {name: values for name, values in view.query.items() if _known(asked, name, values)}
    fields = visible_fields(register, role)
    columns = [ViewColumn(**one) for one in view.columns if one["name"] in fields]
    return ViewShown(
        id=view.id,
        title=view.title,
        query=query,
        columns=columns,
        shared=view.shared,
        pinned=view.pinned,
        position=view.position,
        mine=view.account_id == work.actor.account_id,
        by=view.account_name,
        default=view.id == first,
        partial=len(query) < len(view.query) or len(columns) < len(view.columns),
    )


def _known(asked: Mapping[str, Any], name: str, values: Sequence[str]) -> bool:
    if name == "sort":
        return all(one.lstrip("-") in asked for value in values for one in value.split(","))
    return name in ListQuery.model_fields or name == "id" or name.partition("__")[0] in asked


async def save(work: Work, given: NewView) -> ViewShown:
    """Keep a new view. Raises NotFound, Forbidden, Invalid."""
    register = open_to(given.register_name, work.actor.role)
    _check(work, register, given)
    count = await work.session.scalar(
        select(func.count()).where(
            col(SavedView.account_id) == work.actor.account_id,
            col(SavedView.register_name) == register.name,
        )
    )
    if int(count or 0) >= MOST:
        raise Invalid.of(FieldError("/title", "too_many", _TOO_MANY, {"n": MOST}))
    view = SavedView(
        region_id=work.actor.region_id,
        node_id=work.actor.node_id,
        register_name=register.name,
        account_id=work.actor.account_id,
        account_name=work.actor.name,
        **_columns(given),
    )
    work.session.add(view)
    await work.session.flush()
    return _shown(work, register, view, await _default(work, register))


async def revise(work: Work, view_id: UUID, given: ViewGiven) -> ViewShown:
    """Change one's own view. Raises NotFound, Forbidden, Invalid."""
    view = await _own(work, view_id)
    register = open_to(view.register_name, work.actor.role)
    _check(work, register, given)
    for name, value in _columns(given).items():
        setattr(view, name, value)
    view.updated_at = now()
    await work.session.flush()
    return _shown(work, register, view, await _default(work, register))


async def remove(work: Work, view_id: UUID) -> None:
    """Forget one's own view; whoever began with it begins with the plain list again.

    Raises NotFound, Forbidden.
    """
    await work.session.delete(await _own(work, view_id))
    await work.session.flush()


async def begin_with(work: Work, given: DefaultView) -> None:
    """Choose what one's list of a register opens with; None: the plain list. Raises NotFound."""
    register = open_to(given.register_name, work.actor.role)
    mine = {"account_id": work.actor.account_id, "register_name": register.name}
    if given.view_id is None:
        await work.session.execute(
            delete(ViewDefault).where(
                col(ViewDefault.account_id) == work.actor.account_id,
                col(ViewDefault.register_name) == register.name,
            )
        )
        return
    view = await _one(work, given.view_id)
    if view.register_name != register.name:
        raise NotFound
    asked = insert(ViewDefault).on_conflict_do_update(
        index_elements=["account_id", "register_name"], set_={"view_id": view.id}
    )
    await work.session.execute(asked, mine | {"view_id": view.id})


async def _one(work: Work, view_id: UUID) -> SavedView:
    found = await work.session.execute(
        select(SavedView).where(col(SavedView.id) == view_id, _seen(work.actor))
    )
    view = found.scalar_one_or_none()
    if view is None:
        raise NotFound
    return view


async def _own(work: Work, view_id: UUID) -> SavedView:
    view = await _one(work, view_id)
    if view.account_id != work.actor.account_id:
        raise Forbidden(_NOT_OWN)
    return view


def _columns(given: ViewGiven) -> dict[str, Any]:
    return given.model_dump(exclude={"register_name"}, mode="json") | {"shared": given.shared}


def _check(work: Work, register: AnyRegister, given: ViewGiven) -> None:
    """Raise Forbidden for a reach, Invalid for a question, that the actor may not have."""
    may = _may_share(work.actor)
    if given.shared not in may:
        if work.actor.wall is not Wall.staff:
            raise Forbidden(_NO_SHARING)
        raise Forbidden(_NOT_BELOW, {"who": named(_ABOVE)})
    model = query_model(register)
    known = model.model_fields.keys() - _OF_A_PAGE
    unknown = [f"/query/{name}" for name in given.query if name not in known]
    fields = visible_fields(register, work.actor.role)
    unknown += [f"/columns/{n}" for n, one in enumerate(given.columns) if one.name not in fields]
    if unknown:
        raise Invalid.of(*(FieldError(one, "unknown", _UNKNOWN) for one in unknown))
    try:
        query = model.model_validate(
            {
                name: values if _many(model.model_fields[name].annotation) else values[0]
                for name, values in given.query.items()
                if values
            }
        )
    except ValidationError as exc:
        raise invalid(exc.errors()) from exc
    conditions(register, work.actor, query)
    if query.sort:
        keys(register, work.actor, query.sort)


def _many(annotation: Any) -> bool:
    """Say whether a parameter takes several values: ``list[X] | None``."""
    return any(getattr(one, "__origin__", None) is list for one in get_args(annotation))
