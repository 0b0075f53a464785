"""Scores under seal: each panel has a key, its members write under it, an opened panel is read.

While a panel is not open the application reads a sheet for its author only, and the login role of
staff cannot select the table at all; ``park_open_panel`` hands the sheets out once the panel is
locked, to somebody other than who locked it (docs/decisions/0012-sealed-scores-and-links.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now
from app.core.crypto import KEY_ID, KeptKey, seal_under, unseal_under, wrapped_key
from app.core.errors import Conflict, NotFound
from app.core.labels import T
from app.core.settings import get_settings
from app.matching.panels.models import Panel, PanelKey, Review, SealedScore
from app.matching.panels.review_lifecycle import Sheet

_SEAL = text("SELECT park_panel_seal(:panel)")
_OPEN = text("SELECT record_id, wrapped_key, ciphertext FROM park_open_panel(:panel)")

_BEGUN = text("SELECT park_sheet_begun(:review)")
_BY_ACCOUNT = T(
    "评分已在账号中保存，请登录后继续填写和提交。",
    "The sheet was saved by account; sign in to go on and to hand it in.",
)
_BROKEN = T(
    "封存的评分与封存时的指纹不符，不能启封；请联系系统管理员核查。",
    "The sealed scores are not those that were locked; ask the system administrator to look.",
)


class SealBroken(Conflict):
    """What lies under the seal is not what was locked."""

    type = "urn:park:seal-broken"
    title = T("封存内容不符", "The seal is broken")


@dataclass(frozen=True, slots=True)
class Kept:
    """A sheet as its author left it."""

    sheet: Sheet
    saved_at: datetime | None
    by_link: UUID | None = None


async def prepare(work: Work, review: Review) -> None:
    """Lay out an empty envelope for a review, under the panel's key."""
    wrapped = await _key_of(work, review)
    await work.session.execute(
        insert(SealedScore).values(
            region_id=review.region_id,
            record_id=review.id,
            panel_id=review.panel_id,
            node_id=review.node_id,
            key_id=KEY_ID,
            wrapped_key=wrapped,
        )
    )


async def _key_of(work: Work, review: Review) -> bytes:
    """Return the panel's key, wrapped; made when its first member is seated."""
    made = upsert(PanelKey).values(
        region_id=review.region_id,
        panel_id=review.panel_id,
        node_id=review.node_id,
        key_id=KEY_ID,
        wrapped_key=wrapped_key(get_settings().secret(), _panel(review.panel_id)),
    )
    await work.session.execute(made.on_conflict_do_nothing())
    found = await work.session.execute(
        select(col(PanelKey.wrapped_key)).where(col(PanelKey.panel_id) == review.panel_id)
    )
    return found.scalar_one()


async def keep(work: Work, review: Review, sheet: Sheet) -> None:
    """Put the author's sheet under seal, in place of the former. Raises NotFound, Conflict.

    What was saved by account is not written over by whoever holds a link.
    """
    former = await _row(work, review)
    if former is None:
        raise NotFound
    if work.actor.link_id and former.ciphertext is not None and former.saved_by_link is None:
        raise Conflict(_BY_ACCOUNT)
    told = seal_under(
        get_settings().secret(),
        KeptKey(former.wrapped_key, _panel(review.panel_id)),
        sheet.model_dump_json(),
        _review(review.id),
    )
    await work.session.execute(
        update(SealedScore)
        .where(col(SealedScore.record_id) == review.id)
        .values(ciphertext=told, saved_at=now(), saved_by_link=work.actor.link_id)
    )


async def own(work: Work, review: Review) -> Kept:
    """Return the author's own sheet; the database shows the row to nobody else."""
    kept = await _row(work, review)
    if kept is None or kept.ciphertext is None:
        return Kept(Sheet(), None)
    sheet = _unsealed(review.panel_id, review.id, kept.wrapped_key, kept.ciphertext)
    return Kept(sheet, kept.saved_at, kept.saved_by_link)


async def readable(work: Work, review: Review) -> Kept:
    """Return the sheet as far as its author may read it here.

    Signed in: as it is. By a link: what this very link saved, until it is handed in.
    """
    kept = await own(work, review)
    if work.actor.link_id is None:
        return kept
    shown = kept.by_link == work.actor.link_id and review.submitted_at is None
    return kept if shown else Kept(Sheet(), None)


async def begun(work: Work, review: Review) -> bool:
    """Say whether anything was written on a sheet."""
    return bool(await work.session.scalar(_BEGUN, {"review": review.id}))


async def _row(work: Work, review: Review) -> SealedScore | None:
    found = await work.session.execute(
        select(SealedScore)
        .where(col(SealedScore.record_id) == review.id)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def fingerprint(work: Work, panel: Panel) -> str:
    """Return the SHA-256 of what lies under seal, sheet by sheet."""
    return str(await work.session.scalar(_SEAL, {"panel": panel.id}))


async def opened(work: Work, panel: Panel) -> Mapping[UUID, Sheet]:
    """Return the sheets that were handed in, by review. Raises SealBroken."""
    if panel.seal != await fingerprint(work, panel):
        raise SealBroken(_BROKEN)
    found = await work.session.execute(_OPEN, {"panel": panel.id})
    return {
        record_id: _unsealed(panel.id, record_id, wrapped, ciphertext)
        for record_id, wrapped, ciphertext in found
    }


def _unsealed(panel_id: UUID, review_id: UUID, wrapped: bytes, ciphertext: bytes) -> Sheet:
    told = unseal_under(
        get_settings().secret(),
        KeptKey(wrapped, _panel(panel_id)),
        ciphertext,
        _review(review_id),
    )
    return Sheet.model_validate_json(told)


def _panel(panel_id: UUID) -> str:
    return f"panels/{panel_id}/key"


def _review(review_id: UUID) -> str:
    return f"reviews/{review_id}/scores"
