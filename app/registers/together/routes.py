"""The routes of working together that every register has: comments, whom to mention, following."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.audit.requests import WorkDep
from app.core.errors import Forbidden
from app.core.http import documented
from app.registers import reading
from app.registers.directory import AnyRegister, open_to
from app.registers.operations import called
from app.registers.together import comments, following, people
from app.registers.together.rights import require

REFUSED = documented(Forbidden)


def add_together_routes(made: APIRouter, register: AnyRegister) -> None:
    """Give ``register`` its comments and followers."""
    _add_reads(made, register)
    _add_writes(made, register)
    _add_following(made, register)


def _add_reads(made: APIRouter, register: AnyRegister) -> None:
    @made.get("/{id}/comments", **called(register, "comments"))
    async def list_comments(
        work: WorkDep,
        id: UUID,  # noqa: A002 -- the name in the path
        after: Annotated[str | None, Query(max_length=100)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> comments.Comments:
        open_to(register.name, work.actor.role)
        return await comments.comments(work, register, id, after, limit)

    @made.get("/{id}/mentionable", responses=REFUSED, **called(register, "mentionable"))
    async def list_people(
        work: WorkDep,
        id: UUID,  # noqa: A002
        q: Annotated[str, Query(max_length=64)] = "",
        internal: Annotated[bool, Query(description="Those an internal comment is for")] = False,  # noqa: FBT002
    ) -> people.People:
        open_to(register.name, work.actor.role)
        row = await reading.row_of(work, register, id)
        require(work, register)
        roles = comments.readers(register, internal=internal)
        return await people.people(work, register, row, q, roles)


def _add_writes(made: APIRouter, register: AnyRegister) -> None:
    @made.post("/{id}/comments", status_code=201, responses=REFUSED, **called(register, "comment"))
    async def add_comment(
        work: WorkDep,
        id: UUID,  # noqa: A002
        given: comments.NewComment,
    ) -> comments.CommentShown:
        open_to(register.name, work.actor.role)
        return await comments.add(work, register, id, given)

    @made.put("/{id}/comments/{comment_id}", responses=REFUSED, **called(register, "comment_edit"))
    async def edit_comment(
        work: WorkDep,
        id: UUID,  # noqa: A002
        comment_id: UUID,
        given: comments.EditedComment,
    ) -> comments.CommentShown:
        open_to(register.name, work.actor.role)
        return await comments.edit(work, register, id, comment_id, given)

    @made.delete(
        "/{id}/comments/{comment_id}",
        status_code=204,
        responses=REFUSED,
        **called(register, "comment_delete"),
    )
    async def remove_comment(work: WorkDep, id: UUID, comment_id: UUID) -> None:  # noqa: A002
        open_to(register.name, work.actor.role)
        await comments.remove(work, register, id, comment_id)


def _add_following(made: APIRouter, register: AnyRegister) -> None:
    @made.get("/{id}/following", **called(register, "following"))
    async def read_following(work: WorkDep, id: UUID) -> following.Following:  # noqa: A002
        open_to(register.name, work.actor.role)
        return await following.following(work, register, id)

    @made.put("/{id}/following", responses=REFUSED, **called(register, "follow"))
    async def change_following(
        work: WorkDep,
        id: UUID,  # noqa: A002
        wish: following.Wish,
    ) -> following.Following:
        open_to(register.name, work.actor.role)
        return await following.change(work, register, id, wish)
