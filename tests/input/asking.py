"""schemathesis let loose on the API as one role, on the records of the probed world.

It asks what the description allows and what it forbids; whatever the answer breaks of the
description is a violation. Ids in paths are those of real records as often as not, so that
requests reach past the first 404.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemathesis import openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.python.asgi import shutdown_lifespans

from tests.access import oracle
from tests.access.world import World

#: All checks but those below. A description cannot tell the rules of the trade (the check digits of
#: a credit code, a record that is there, a state from which a move is possible): a body it allows
#: may still be refused as such, never as malformed (400), unsupported (415) or not there (405).
CHECKS: dict[str, Any] = {
    # whose If-Match names another version hears so before the body is read
    "negative_data_rejection": {
        "expected-statuses": [
            *("400", "401", "403", "404", "405", "406"),
            *("409", "412", "413", "415", "422", "428", "429"),
        ]
    },
    "positive_data_acceptance": {
        "expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "428", "429"]
    },
}
#: Forms and old clients write numbers as text and yes as 1: a value that reads as what is declared
#: is taken as that. What is kept and answered is of the declared type; anything else is refused.
_READ_AS_DECLARED = re.compile(
    r"violates `type` at \S+ \(was (integer|number|boolean|null), became (string|boolean|number)\)"
)


@dataclass
class Asked:
    """What was asked, by whom, and what was wrong with the answers."""

    cases: int = 0
    broken: int = 0  # answers of 500 and above
    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    fulfilled: set[str] = field(default_factory=set)  # operations that answered 2xx to somebody
    violations: dict[str, str] = field(default_factory=dict)  # what is wrong where: how to see it
    errors: list[str] = field(default_factory=list)  # of the harness itself

    def add(self, told: "Asked") -> None:
        self.cases += told.cases
        self.broken += told.broken
        self.statuses += told.statuses
        self.operations |= told.operations
        self.fulfilled |= told.fulfilled
        self.violations |= told.violations
        self.errors += told.errors


def ask_all(
    world: World, role: str | None, *, examples: int, seed: int, seconds: int, only: str = ""
) -> Asked:
    """Ask as ``role`` (None: nobody) in every phase; ``only`` is a regex of paths."""
    settings = _settings(world, role) | bounds(examples, seed, seconds)
    app = world.house.app
    try:
        return ask_app(app, part(app.openapi(), only), settings, after=world.restore)
    finally:
        shutdown_lifespans()  # with it the pools, which belong to the loop it ran on


def bounds(examples: int, seed: int, seconds: int) -> dict[str, Any]:
    """Return how much is asked: cases per operation and phase, the dice, the time at most."""
    return {
        "seed": seed,
        "max-time": seconds,
        "suppress-health-check": ["all"],
        "continue-on-failure": True,
        "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
        "checks": CHECKS,
    }


def ask_app(
    app: Any,
    api: Mapping[str, Any],
    settings: Mapping[str, Any],
    after: Callable[[], None] = lambda: None,
) -> Asked:
    """Ask an application what ``api`` allows and forbids; ``after`` runs after each scenario."""
    config = SchemathesisConfig.from_dict(dict(settings))
    schema = openapi.from_dict(dict(api), config=config)
    schema.app = app
    asked = Asked()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _count(asked, event.recorder)
            after()
        elif isinstance(event, events.NonFatalError | events.FatalError):
            asked.errors.append(str(getattr(event, "info", None) or event)[:2000])
    return asked


def part(api: Mapping[str, Any], only: str) -> dict[str, Any]:
    """Return the description of the paths that match: a whole one takes minutes to get ready."""
    wanted = re.compile(only)
    paths = {path: told for path, told in api["paths"].items() if wanted.search(path)}
    components = dict(api.get("components", {}))
    schemas, kept = components.get("schemas", {}), dict[str, Any]()
    ahead = _cited(paths)
    while ahead:
        name = ahead.pop()
        if name not in kept:
            kept[name] = schemas[name]
            ahead |= _cited(kept[name])
    return {**api, "paths": paths, "components": components | {"schemas": kept}}


def _cited(told: Any) -> set[str]:
    return set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(told)))


def _excused(failure: Any, status: int) -> bool:
    """Say whether a failed check tells of no defect: see above; a cursor is opaque besides, and
    one that no answer gave cannot be read (400).
    """
    unread = status == 400 and re.search(r"[?&]after=", failure.code_sample)
    return bool(unread or _READ_AS_DECLARED.search(failure.failure.message))


def _count(asked: Asked, recorder: ScenarioRecorder) -> None:
    for one, interaction in recorder.interactions.items():
        if interaction.response is None:
            continue
        case = recorder.cases[one].value
        status = interaction.response.status_code
        asked.cases += 1
        asked.statuses[status] += 1
        asked.broken += status >= 500
        asked.operations.add(case.operation.label)
        if status < 300:
            asked.fulfilled.add(case.operation.label)
        for check in recorder.checks.get(one, ()):
            failure = check.failure_info
            if failure is not None and not _excused(failure, status):
                what = f"{check.name} {case.operation.label}: {failure.failure.title}"
                sent = failure.code_sample
                asked.violations.setdefault(
                    f"{what} {status}", f"{failure.failure.message}\n{sent}"
                )


def _settings(world: World, role: str | None) -> dict[str, Any]:
    """Return the configuration: who asks, and which real ids there are to ask about."""
    known = _Known()
    for register in oracle.SEES:
        _of_register(known, world, register)
    told: dict[str, Any] = {
        "dictionaries": known.dictionaries,
        "operations": known.operations,
        "parameters": {"header.if-match": known.often("versions", [f'"{n}"' for n in range(1, 6)])},
    }
    if role is not None:
        told["headers"] = {"Authorization": f"Bearer {world.actors[role][1]}"}
    return told


@dataclass
class _Known:
    """Values worth trying, and where."""

    dictionaries: dict[str, Any] = field(default_factory=dict)
    operations: list[dict[str, Any]] = field(default_factory=list)

    def often(self, name: str, values: list[str]) -> dict[str, Any]:
        self.dictionaries[name] = {"values": values}
        return {"dictionary": name, "probability": 0.6}


def _of_register(known: _Known, world: World, register: str) -> None:
    """Tell the ids of a register's records, of what lies beside them, and its moves."""
    records = [fact.id for fact in world.places[register].values()]
    beside = {"attachment_id": world.files, "comment_id": world.comments}
    batches = [made for (name, _), made in world.batches.items() if name == register]
    ids = known.often(f"{register} records", records)
    bound = {"path.id": ids, "path.other": ids}
    for name, by_record in beside.items():
        values = [by_record[one] for one in records]
        bound[f"path.{name}"] = known.often(f"{register} {name}", values)
    if moves := sorted(oracle.MOVES.get(register, ())):
        bound["path.move"] = known.often(f"{register} moves", moves)
    path = f"^/api/v1/{register}/"
    imports = {"path.id": known.often(f"{register} imports", batches)}
    known.operations += [
        {"include-path-regex": f"{path}imports/", "parameters": imports},
        {"include-path-regex": path, "exclude-path-regex": f"{path}imports/", "parameters": bound},
    ]
