"""Human keys of needs: N2026-000123, counted per region and year, never given out twice."""

from typing import Any

from sqlalchemy import text

from app.audit.work import Work
from app.core.clock import today

# A function of the owner's: it locks one row until the transaction ends, so two needs filed at
# once get two numbers, and no login can turn the counter back.
_NEXT = text("SELECT park_next_number(:register, :region, :year)")


async def next_number(work: Work, region_id: int) -> str:
    """Return the next number of a region's year."""
    year = today().year
    key: dict[str, Any] = {"register": "needs", "region": region_id, "year": year}
    return f"N{year}-{await work.session.scalar(_NEXT, key):06d}"
