"""The best matches of a subject, where only these are to be drawn from."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.matching.candidates import query_of
from app.matching.index.library import library
from app.matching.kinds import KINDS
from app.matching.matches.models import CandidateKind
from app.matching.parties import Subject
from app.matching.ranking import WEIGHTS


async def of(
    subject: Subject, ids: Sequence[UUID], count: int, day: date
) -> tuple[set[UUID], dict[str, Any]]:
    """Return the ``count`` of ``ids`` that match best, and what the ranking rests on."""
    index = await library(KINDS[CandidateKind.experts]).current()
    only = [str(one) for one in ids]
    found = await asyncio.to_thread(index.search, query_of(subject, day), limit=count, only=only)
    told = {"index": found.version, "weights": WEIGHTS.version}
    return {UUID(hit.id) for hit in found.hits}, told
