"""The oracle's tables applied: what one actor finds at one record, and which operations exist."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tests.access import doubles, oracle

#: "unknown": as if there were no such field; "closed": perhaps not in this state, and else invalid.
Verdict = Literal["allow", "forbid", "hidden", "elsewhere", "unknown", "closed"]

COLLECTION = (
    "list",
    "changes",
    "export",
    "create",
    "template",
    "import",
    "imports",
    "batch",
    "export_task",
    *doubles.COLLECTION,
)
BATCH = (
    "import_read",
    "import_mapping",
    "import_marked",
    "import_bad",
    "import_mend",
    "import_mend_alike",
    "import_commit",
    "import_undo",
)
READS = (
    "read",
    "attachments",
    "comments",
    "following",
    "observations",
    "summary",
    "course",
    "progress",
)
WRITES = ("revise", "patch", "delete", "attach", "detach")
#: Comments tell how a record was handled: for whoever reads its past.
TALK = ("comments", "comment", "comment_edit", "comment_delete", "mentionable")
FOLLOWING = ("following", "follow")
RECORD = (
    "read",
    "attachments",
    *WRITES,
    "attachment",
    "attachment_page",
    "history",
    *TALK,
    *FOLLOWING,
    *doubles.RECORD,
)
#: Operations only some registers have, and the right each needs (None: whoever sees the record).
EXTRA: Mapping[str, tuple[str, str | None]] = {
    "enterprises_observations": ("enterprises", None),
    "enterprises_observe": ("enterprises", "observe"),
    "enterprises_reveal": ("enterprises", "reveal"),
    "needs_reveal": ("needs", "reveal"),
    "experts_reveal": ("experts", "reveal"),
    "needs_match": ("needs", "match"),
    "projects_match": ("projects", "match"),
    "matches_link": ("matches", "link"),
    "matches_invitation": ("matches", "invitation"),
    "draws_course": ("draws", None),
    "draws_people": ("draws", "people"),
    "draws_bundle": ("draws", "bundle"),
    "panels_seats": ("panels", "seats"),
    "panels_summary": ("panels", None),
    "assignments_progress": ("assignments", None),
    "assignments_result": ("assignments", "result"),
    "reviews_link": ("reviews", "link"),
    "reviews_invitation": ("reviews", "invitation"),
    "reviews_sheet": ("reviews", "sheet"),
    "reviews_draft": ("reviews", "draft"),
}
#: States in which somebody in a library is known to those below; of 5.3, in the words of 5.4.
_SHOWN = {"verified", "active", "paused"}
_NOT_YET_RECOMMENDED = {"lead", "reserve", "argumentation", "applying"}
_OFFERED = {"listed", "negotiating", "contracted", "contract_registered", "benefit_tracked"}
_UNREVEALED = {"proposed", "rejected"}
_UNASKED = _UNREVEALED | {"chosen"}
_LAID_DOWN = {"active", "replaced"}
_UNSEATED = {"reserved", "passed_over"}
_SECRET = {"planned", "frozen", "committed"}  # nobody learns who is in a pool before the draw


@dataclass(frozen=True)
class Who:
    """An actor as the specification sees it: a role at a place, perhaps speaking for a party."""

    role: str
    node: str
    party: str | None = None


@dataclass(frozen=True)
class Facts:
    """What the specification asks of a record."""

    register: str
    id: str
    version: int
    node: str
    state: str | None
    parties: frozenset[str]
    handed_up: bool = False  # a need in the province's hands
    shared: bool = False  # an expert who agreed to be shared


def sees(who: Who, record: Facts) -> bool:
    """Say whether 5.4 shows ``record`` to ``who``."""
    rule = oracle.SEES[record.register].get(who.role)
    if rule is None:
        return False
    inside = record.node in oracle.BELOW[who.node]
    above = record.node in oracle.ABOVE[who.node]
    linked = who.party is not None and who.party in record.parties
    shown = record.state in (_SHOWN if record.register == "experts" else _OFFERED)
    return {
        "sub": inside,
        "filed": inside and record.state != "draft",
        "handed_up": inside and record.handed_up,
        "recommended": inside and record.state not in _NOT_YET_RECOMMENDED,
        "library": inside or (above and shown),
        "shared": record.node == who.node or (inside and shown and record.shared),
        "offered": record.node == who.node or (inside and shown),
        "linked": linked,
        "card": linked and record.state in _SHOWN,
        "revealed": linked and record.state not in _UNREVEALED,
        "asked": linked and record.state not in _UNASKED,
        "laid_down": (inside or above) and record.state in _LAID_DOWN,
        "published": inside and record.state == "published",
        "result": linked and record.state == "published",
        "seated": linked and record.state not in _UNSEATED,
    }[rule]


def on_record(who: Who, record: Facts, verb: str, move: str | None = None) -> Verdict:
    """Return what the specification answers to ``verb`` on ``record``."""
    if not sees(who, record):
        return "hidden"
    if verb in READS:
        return "allow"
    if verb in (
        "attachment",
        "attachment_page",
    ):  # files know no field policy: for who reads the past, or adds to it
        right = oracle.MAY[record.register]
        return "allow" if who.role in right["history"] | right["attach"] else "hidden"
    if verb in doubles.RECORD:
        return _on_doubles(who, record, verb)
    return _on_written(who, record, verb, move)


def _on_doubles(who: Who, record: Facts, verb: str) -> Verdict:
    found: Verdict = doubles.may(who.role, record.register, verb)
    reads = verb in (*doubles.PAST, "duplicates")
    return found if found == "forbid" or reads or _keeps(who, record) else "elsewhere"


def _on_written(who: Who, record: Facts, verb: str, move: str | None) -> Verdict:
    if verb == "detach":
        return "forbid"  # every file of the test's world was added by somebody else
    if verb in ("people", "bundle") and record.state in _SECRET:
        return "forbid"
    if verb in TALK or verb in FOLLOWING:
        return _on_talk(who, record, verb)
    named = move or ("revise" if verb == "patch" else verb)
    may = oracle.MOVES if verb == "move" else oracle.MAY
    if who.role not in may[record.register].get(named, oracle.NOBODY):
        return "forbid"
    if verb not in ("history", "match") and not _keeps(who, record):
        return "elsewhere"
    return "allow"


def _on_talk(who: Who, record: Facts, verb: str) -> Verdict:
    if who.role not in oracle.MAY[record.register]["history"]:
        return "forbid"
    if verb in ("mentionable", "follow"):
        return "allow"
    if not _keeps(who, record):
        return "elsewhere"
    return "allow" if verb == "comment" else "forbid"  # every comment here is somebody else's


def _keeps(who: Who, record: Facts) -> bool:
    """Say whether the record is in the actor's keeping; a library above is only read."""
    if who.party is not None:
        return True
    if who.role == oracle.P and record.register == "experts":
        return record.node == who.node
    return record.node in oracle.BELOW[who.node]


def on_register(who: Who, register: str, verb: str) -> Verdict:
    """Return what the specification answers to ``verb`` on a register as a whole."""
    if who.role not in oracle.SEES[register]:
        return "hidden"
    if verb in ("list", "changes"):
        return "allow"
    if verb == "batch":  # whoever ever changes such a record, by editing or by a step
        changers = oracle.MAY[register]["revise"].union(*oracle.MOVES[register].values())
        return "allow" if who.role in changers else "forbid"
    if verb in doubles.COLLECTION:
        return doubles.may(who.role, register, verb)
    right = {"template": "import", "imports": "import", "export_task": "export"}.get(verb, verb)
    return "allow" if who.role in oracle.MAY[register][right] else "forbid"


def on_batch(who: Who, register: str, node: str | None) -> Verdict:
    """Return what the specification answers about an import made at ``node`` (None: absent)."""
    whole = on_register(who, register, "import")
    if whole != "allow":
        return whole
    return "allow" if node in oracle.BELOW[who.node] else "hidden"


def on_desk(who: Who, operation: str) -> Verdict:
    """Return what the specification answers outside the registers."""
    allowed, refused = oracle.DESK[operation]
    if who.role in allowed:
        return "allow"
    return "forbid" if who.role in refused else "hidden"


def operations() -> Iterator[str]:
    """Return every operation id the specification knows."""
    yield from oracle.DESK
    yield from oracle.OPEN
    yield from EXTRA
    for register in oracle.SEES:
        name = register.replace("-", "_")
        verbs = [*COLLECTION, *BATCH, *RECORD]
        if oracle.MOVES[register]:
            verbs.append("move")
        yield from (f"{name}_{verb}" for verb in verbs)


def parsed(operation: str) -> tuple[str, str] | None:
    """Return the register and verb of an operation id, None of the desk's."""
    if operation in EXTRA:
        return EXTRA[operation][0], operation.rsplit("_", 1)[1]
    for register in oracle.SEES:
        name = register.replace("-", "_") + "_"
        if operation.startswith(name):
            return register, operation.removeprefix(name)
    return None
