"""Who takes back, restores, looks for doubles and merges: the specification's word, applied.

Undoing is for who did the thing or may do the like; restoring is revising; doubles are looked for
by who enters or mends such records, and merged by who both revises and deletes them.
"""

from typing import Literal

from tests.access import oracle

PAST = ("undo_offer", "version")  # they tell what a record was: for whoever reads its past
RECORD = (*PAST, "undo", "restore", "duplicates", "dismiss", "undismiss", "compare", "merge")
COLLECTION = ("duplicate_pairs", "similar")
#: Registers whose records may be doubles of one another, and are then made one.
_KNOWN_TO_DOUBLE = {"enterprises", "qualifications", "projects", "experts", "achievements"}


def may(role: str, register: str, verb: str) -> Literal["allow", "forbid"]:
    """Say whether a role that sees a record does ``verb`` with it; where it is, is not asked."""
    return "allow" if role in _who(register, verb) else "forbid"


def _who(register: str, verb: str) -> frozenset[str]:
    right = oracle.MAY[register]
    if verb in PAST:
        return right["history"]
    if verb == "undo":
        return right["create"] | right["revise"] | right["delete"]
    if verb == "restore":
        return right["revise"]
    if verb in ("compare", "merge"):
        both = right["revise"] & right["delete"]
        return both if register in _KNOWN_TO_DOUBLE else oracle.NOBODY
    seek = right["create"] | right["revise"]
    return seek - {oracle.E, oracle.X} if verb in ("dismiss", "undismiss") else seek
