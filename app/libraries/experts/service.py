"""What happens beside a written expert: who owns the profile, whose library, what is forgotten."""

from app.access.roles import Wall
from app.audit.work import Work
from app.core.clock import now
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.libraries.experts.models import Expert, ExpertBody
from app.registers import directory, secrets
from app.registers.register import Change, Placement

NAME = "experts"

_CONSENT_KEPT = T(
    "已登记个人联系方式或证件，撤回授权前请先清空。",
    "Empty phone, e-mail and identity number before withdrawing consent.",
)


async def place(work: Work, _: ExpertBody) -> Placement:
    """Place an expert at its author's node; verifying takes it into the centre's library."""
    return Placement(work.actor.region_id, work.actor.node_id)


def derive(row: Expert) -> None:
    """Make the profile the expert's own."""
    row.owner_id = row.id


async def into_library(work: Work, change: Change[Expert]) -> None:
    """Move the record from the park that proposed it into the library of who verified it."""
    if work.actor.wall is Wall.staff:
        change.row.node_id = work.actor.node_id


async def on_pause(_: Work, change: Change[Expert]) -> None:
    change.row.paused_note = change.form.reason[:500]


async def on_resume(_: Work, change: Change[Expert]) -> None:
    change.row.paused_note = None


async def on_bar(_: Work, change: Change[Expert]) -> None:
    change.row.barred_until = change.form.barred_until
    change.row.appeal = change.row.appealed_at = None


async def on_appeal(_: Work, change: Change[Expert]) -> None:
    change.row.appeal, change.row.appealed_at = change.form.reason, now()


async def on_lift(_: Work, change: Change[Expert]) -> None:
    change.row.barred_until = None


async def forget(work: Work, change: Change[Expert]) -> None:
    """Empty the personal values of a deleted expert; the number is free to be entered again.

    They are destroyed once the deletion can no longer be undone.
    """
    if change.row.deleted_at is not None:
        await secrets.destroy(work, directory.named(NAME), change.row)


async def check_consent(_: Work, change: Change[Expert]) -> None:
    """Refuse personal values without consent, whoever may or may not see them. Raises Invalid."""
    row = change.row
    if (row.phone or row.email or row.id_number) and row.consent_given_on is None:
        raise Invalid.of(FieldError("/consent_given_on", "missing", _CONSENT_KEPT))
