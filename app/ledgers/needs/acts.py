"""Releasing a confidential need takes two people: one asks with the text, another confirms it."""

from typing import Any

from app.access.roles import Role
from app.audit.work import Work
from app.core.errors import Conflict, Forbidden
from app.core.labels import T
from app.ledgers.needs.forms import PublishForm
from app.ledgers.needs.lifecycle import STATION, not_accountable
from app.ledgers.needs.models import Confidentiality, Need
from app.ledgers.needs.publishing import require_blind
from app.registers.approvals.kinds import Kind, declare
from app.registers.approvals.service import settle

_SAYS = T(
    "公开发布保密需求「{title}」的脱敏稿：标题「{blind_title}」，正文「{blind_text}」。任何人都能看到。",
    'Publish the blind text of the confidential need "{title}": "{blind_title}", "{blind_text}".'
    " Anybody will be able to read it.",
)
_NOT_CONFIDENTIAL = T(
    "这条需求不是保密需求，无须第二人确认；请直接办理「发布」。",
    "The need is not confidential and takes no second person; take the step Publish.",
)
_OTHER_TEXT = T(
    "要发布的内容与提出时的不一致，没有发布；请按提出的内容确认，或请提出人撤回后重新提出。",
    "The text is not the one asked for and was not published; confirm what was asked for, or let"
    " it be taken back and asked for anew.",
)


async def _check(work: Work, need: Need, form: PublishForm) -> None:
    """Refuse to ask for what needs no second person, is another's to handle, or is not blind."""
    if need.confidentiality != Confidentiality.confidential:
        raise Conflict(_NOT_CONFIDENTIAL)
    why = not_accountable(work.actor, need) if work.actor.role in STATION else None
    if why:
        raise Forbidden(why)
    await require_blind(work, need, form)


PUBLISH = declare(
    Kind(
        name="needs.publish",
        label=T("发布保密需求", "Release of a confidential need"),
        asks=STATION | {Role.committee},
        confirms=frozenset({Role.committee}),
        days=14,
        says=_SAYS,
        register="needs",
        move="publish",
        check=_check,
    )
)


async def settle_release(work: Work, need: Need, form: Any) -> None:
    """Confirm, as the second person, the release of exactly the text that was asked for.

    Raises Conflict, Forbidden.
    """
    act = await settle(work, PUBLISH, need.id)
    if form.model_dump(mode="json") != act.params:
        raise Conflict(_OTHER_TEXT)
