"""Where the chance comes from: numbers promised before anybody could compute, or a public value.

The seed follows from the frozen pool and these alone; tickets from the seed; the order from the
tickets. Nobody has a choice left once the last number is on the table.
"""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence

from app.matching.drawing.canonical import sha
from app.matching.drawing.pool import Entry

PROTOCOL = "park-draw-v1"
_NUMBER = re.compile(r"[0-9a-f]{64}")


def well_formed(number: str) -> bool:
    """Say whether ``number`` is 32 bytes in lower-case hexadecimal: a nonce or a hash."""
    return bool(_NUMBER.fullmatch(number))


def commitment(draw_id: str, party: str, nonce: str) -> str:
    """Return what ``party`` publishes before it shows ``nonce``.

    Draw and party are part of it: nobody can repeat another's, or one from another draw.
    """
    return sha([PROTOCOL, draw_id, {"party": party, "nonce": nonce}])


def seed(
    root: str, terms: str, reveals: Mapping[str, str], beacon: Sequence[Mapping[str, object]] = ()
) -> str:
    """Return the seed: of the pool, the terms' hash, the numbers by party, and the public value."""
    told = [{"party": party, "nonce": nonce} for party, nonce in sorted(reveals.items())]
    return sha([PROTOCOL, {"root": root, "terms": terms}, told, [dict(b) for b in beacon]])


def ticket(seed_: str, pseudonym: str) -> bytes:
    """Return what decides one person's place in the order."""
    return hmac.digest(seed_.encode(), pseudonym.encode(), "sha256")


def in_order(seed_: str, entries: Iterable[Entry]) -> list[Entry]:
    """Return the qualified among ``entries`` in the order that chance gave them."""
    qualified = (entry for entry in entries if not entry.excluded)
    return sorted(qualified, key=lambda entry: ticket(seed_, entry.id))
