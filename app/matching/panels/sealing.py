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
    """Put the author's sheet under seal, in place of the former. Raises NotFound."""
    key = await work.session.scalar(
        select(col(SealedScore.wrapped_key)).where(col(SealedScore.record_id) == review.id)
    )
    if key is None:
        raise NotFound
    told = seal_under(
        get_settings().secret(),
        KeptKey(key, _panel(review.panel_id)),
        sheet.model_dump_json(),
        _review(review.id),
    )
    await work.session.execute(
        update(SealedScore)
        .where(col(SealedScore.record_id) == review.id)
        .values(ciphertext=told, saved_at=now())
    )


async def own(work: Work, review: Review) -> Kept:
    """Return the author's own sheet; the database shows the row to nobody else."""
    found = await work.session.execute(
        select(SealedScore).where(col(SealedScore.record_id) == review.id)
    )
    kept = found.scalar_one_or_none()
    if kept is None or kept.ciphertext is None:
        return Kept(Sheet(), None)
    sheet = _unsealed(review.panel_id, review.id, kept.wrapped_key, kept.ciphertext)
    return Kept(sheet, kept.saved_at)


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
