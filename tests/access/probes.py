"""The matrix: every operation of the API, by every role, on records near and far, as requests.

Writes leave no trace: an authorised one fails on a stale version (412) or an invalid body (422).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.access import oracle, rules
from tests.access.asgi import BAD_FILE, MULTIPART, Answer, Question, written
from tests.access.rules import Facts, Who
from tests.access.world import PLACES, World

ABSENT = str(UUID(int=0xABCDEF))
_JSONL = {"form": "jsonl", "scheme": "industry", "row": "2", "register": "needs"}
_STALE = '"0"'
_JSONL |= {"other": ABSENT, "version": "1", "batch": ABSENT, "word": "confirm"}
_NOBODY = {"other": ABSENT, "other_version": 1}
_FIGURE = {"period": "2025", "indicator": "no_such", "value": "1"}
_UNKNOWN = {"no_such_field": 1}
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
Check = Callable[[Answer], str | None]
#: What only a record that went through its procedure has: versions, a pool, seats, a sheet.
_LIVED = frozenset({"version", "undo", "undo_offer", "restore", "attachment_page"})


@dataclass(frozen=True)
class Probe:
    """One request by one actor, what it must find, and the same request for what is not there."""

    operation: str
    role: str | None
    place: str
    question: Question
    verdict: rules.Verdict
    allowed: int
    absent: Question | None = None
    detail: str = ""  # the field, the value … asked about
    unknown: str = ""  # the name in ``absent`` that stands for ``detail``
    check: Check | None = None  # what is wrong with an answer of the right status, or None

    @property
    def key(self) -> str:
        """Return what stays the same from run to run."""
        step = _ID.sub("", f"{self.question.path}?{self.question.query}")
        return f"{self.operation} {self.role} {self.place} {step} {self.detail}"

    @property
    def name(self) -> str:
        return f"{self.operation} by {self.role} on {self.place} ({self.question.path})"


@dataclass(frozen=True)
class Operation:
    """One route as the API describes itself."""

    id: str
    method: str
    path: str
    secured: bool

    def filled(self, **values: str) -> str:
        return self.path.format_map(_JSONL | values)


def described(api: Mapping[str, Any]) -> list[Operation]:
    """Return every operation of an OpenAPI description. Raises KeyError for one without an id."""
    return [
        Operation(told["operationId"], method.upper(), path, bool(told.get("security")))
        for path, methods in api["paths"].items()
        for method, told in methods.items()
    ]


def _request(
    operation: Operation, verb: str, path: str, version: str = _STALE
) -> tuple[Question, int]:
    """Return a request without effect, and the status it gets from who may make it."""
    method = operation.method
    if verb in ("revise", "patch", "delete", "move"):
        return written(method, path, _UNKNOWN, if_match=version), 412
    if verb in ("attach", "import"):
        return Question(method, path, "", BAD_FILE, (("content-type", MULTIPART),)), 422
    told: dict[str, tuple[Question, int]] = {
        "comment": (written(method, path, {"text": "x", "mentions": [ABSENT]}), 422),
        "comment_edit": (written(method, path, {"text": "x"}), 403),
        "follow": (written(method, path, {"following": False}), 200),
        "create": (written(method, path, _UNKNOWN), 422),
        "batch": (written(method, path, _UNKNOWN), 422),
        "undo": (written(method, path, None, if_match=version), 409),
        "restore": (written(method, path, None, if_match=version), 412),
        "similar": (written(method, path, {"values": {}}), 200),
        "dismiss": (Question(method, path), 404),  # with a record that is not there
        "undismiss": (Question(method, path), 404),
        "compare": (Question(method, path), 404),
        "merge": (written(method, path, _NOBODY, if_match=version), 404),
        "observe": (written(method, path, _FIGURE), 422),
        "link": (written(method, path, _UNKNOWN), 422),
        "reveal": (written(method, path, {}), 422),  # who may ask gives a reason
        "draft": (written(method, path, _UNKNOWN), 409),  # one's own is handed in already
        "import_mend": (written(method, path, {"values": {"no_such": "x"}}), 422),
        "import_mapping": (written(method, path, {"columns": {"ZZ": "no_such"}}), 422),
        "import_mend_alike": (
            written(method, path, {"field": "no_such", "was": "x", "value": "y"}),
            422,
        ),
        "import_marked": (Question(method, path), 409),  # its file was never kept
        "import_commit": (Question(method, path), 409),
        "import_undo": (Question(method, path), 409),
        "detach": (Question(method, path), 204),
        "attachment_page": (Question(method, path), 409),  # the files of the test's world are texts
        "export_task": (Question(method, path, "fields=no_such"), 422),
        "list": (Question(method, path, "limit=500&count=true"), 200),
    }
    return told.get(verb, (Question(method, path), 200))


def of_registers(
    world: World, operations: list[Operation], places: tuple[str, ...] = PLACES
) -> Iterator[Probe]:
    """Yield the probes of the registers' routes."""
    for operation in operations:
        found = rules.parsed(operation.id)
        if found is None:
            continue
        register, verb = found
        for who, _ in world.actors.values():
            if verb in rules.COLLECTION:
                yield _on_register(operation, register, verb, who)
            elif verb in rules.BATCH:
                yield from _on_batches(world, operation, register, verb, who)
            else:
                for place in places:
                    if place in world.places[register]:
                        yield from _on_record(world, operation, verb, who, place)


def in_every_state(world: World, operations: list[Operation]) -> Iterator[Probe]:
    """Yield what is asked of one record in each state of its lifecycle, near, far, handed up."""
    for operation in operations:
        found = rules.parsed(operation.id)
        if found is None or found[1] in (*rules.COLLECTION, *rules.BATCH):
            continue
        register, verb = found
        for who, _ in world.actors.values():
            for place in world.standing[register]:
                for probe in _on_record(world, operation, verb, who, place):
                    lived = verb in _LIVED or operation.id in rules.EXTRA
                    if not (lived and probe.verdict == "allow"):
                        yield probe


def _on_register(operation: Operation, register: str, verb: str, who: Who) -> Probe:
    question, allowed = _request(operation, verb, operation.filled())
    verdict = rules.on_register(who, register, verb)
    return Probe(operation.id, who.role, register, question, verdict, allowed)


def _on_batches(
    world: World, operation: Operation, register: str, verb: str, who: Who
) -> Iterator[Probe]:
    absent, _ = _request(operation, verb, operation.filled(id=ABSENT))
    for node in ("east-park", "lake-park", "west-park", None):
        one = world.batches[register, node] if node else ABSENT
        question, allowed = _request(operation, verb, operation.filled(id=one))
        verdict = rules.on_batch(who, register, node)
        yield Probe(operation.id, who.role, node or "nowhere", question, verdict, allowed, absent)


def _on_record(
    world: World, operation: Operation, verb: str, who: Who, place: str
) -> Iterator[Probe]:
    register = (rules.parsed(operation.id) or ("", ""))[0]
    record = (world.places[register] | world.standing[register])[place]
    moves = sorted(oracle.MOVES[register]) if verb == "move" else [""]
    for move in moves:
        verdict = rules.on_record(who, record, verb, move)
        # that a record is only read, not kept, is decided on its present version
        version = f'"{record.version}"' if verdict == "elsewhere" else _STALE
        question, allowed = _at(world, operation, verb, record, move, version)
        absent, _ = _at(world, operation, verb, None, move)
        yield Probe(operation.id, who.role, place, question, verdict, allowed, absent)


def _at(
    world: World,
    operation: Operation,
    verb: str,
    record: Facts | None,
    move: str,
    version: str = _STALE,
) -> tuple[Question, int]:
    one = record.id if record else ABSENT
    file = world.files[one] if record else ABSENT
    said = world.comments[one] if record else ABSENT
    path = operation.filled(
        id=one,
        need_id=one,
        project_id=one,
        move=move,
        attachment_id=file,
        comment_id=said,
        page="1",
    )
    return _request(operation, verb, path, version)


def crossed(world: World, operations: list[Operation]) -> Iterator[Probe]:
    """Yield reads of somebody else's file through a record of one's own: not there, for anybody."""
    for operation in operations:
        found = rules.parsed(operation.id)
        if found is None or found[1] not in ("attachment", "attachment_page"):
            continue
        named = world.places[found[0]]
        one, file = named["own"].id, world.files[named["foreign"].id]
        question = Question(
            operation.method, operation.filled(id=one, attachment_id=file, page="1")
        )
        absent = Question(
            operation.method, operation.filled(id=one, attachment_id=ABSENT, page="1")
        )
        for who, _ in world.actors.values():
            yield Probe(operation.id, who.role, "crossed", question, "hidden", 200, absent)


def anonymous(world: World, operations: list[Operation]) -> Iterator[Probe]:
    """Yield every secured operation without a token: 401, whatever it is asked about."""
    for operation in operations:
        if not operation.secured:
            continue
        found = rules.parsed(operation.id)
        record = world.places[found[0]]["own"] if found else None
        ids = record.id if record else world.spare["account"]
        path = operation.filled(
            id=ids,
            need_id=ids,
            project_id=ids,
            move="x",
            attachment_id=ids,
            comment_id=ids,
            page="1",
            grant_id=ids,
            name="n",
        )
        question = written(operation.method, path, {}, if_match=_STALE)
        yield Probe(operation.id, None, "own", question, "allow", 401)
