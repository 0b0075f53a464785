"""Payloads into every input of the API, and a look at everything that would show an effect."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import urlencode

import sqlalchemy as sa

from app.core.logging import JsonLines
from tests.access import oracle
from tests.access.asgi import Answer, Question, ask
from tests.access.world import World
from tests.input.inputs import Place, places
from tests.input.payloads import CANARY, PRODUCT, corpus

#: Pages for visitors, which are HTML and not in the description.
_PAGES = ("/", "/public", "/public/needs", "/public/achievements", "/public/panels")
_ASKED = ("q", "page", "lang", "size", "field", "after", "kind", "next")
_GIVEN_AWAY = (
    b"psycopg",
    b"sqlalchemy",
    b"SQLSTATE",
    b"syntax error at",
    b"PostgreSQL 1",
    b"root:x:0:",
)
_DESK_ROLES = {"accounts": "security_admin", "organisations": "system_admin", "audit": "auditor"}
_BEFORE = "centre_staff"
_CHANGED = (
    f"SELECT to_regclass('{CANARY}') IS NOT NULL"
    f" OR EXISTS (SELECT FROM account WHERE name = '{CANARY}')"
    " OR (SELECT count(*) FROM account) < :accounts OR (SELECT count(*) FROM enterprise) < :firms"
)


@dataclass
class Injected:
    """What was sent and what had an effect."""

    asked: int = 0
    inputs: int = 0
    accepted: int = 0
    effects: list[str] = field(default_factory=list)


async def inject(world: World, each: int, *, seed: int = 1, only: str = "") -> Injected:
    """Send ``each`` payloads into every input whose operation starts with ``only``.

    Every payload is used; which go where is decided by ``seed``.
    """
    run = _Run(world, Injected(), Random(seed))  # noqa: S311 -- which payloads go where
    with world.owner.connect() as connection, run.watched():
        run.connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        run.count()
        for place in _of_everything(world, only):
            run.told.inputs += 1
            for kind, payload in run.some(each):
                await run.send(place, kind, payload)
        run.look_back()
    return run.told


def _of_everything(world: World, only: str) -> Iterator[Place]:
    yield from (p for p in places(world.house.app.openapi()) if p.operation.startswith(only))
    if not only or only == "portal":
        for path in _PAGES:
            yield from (Place("portal", "GET", path, "query", name) for name in _ASKED)
            yield from (
                Place("portal", "GET", path, "header", name)
                for name in ("accept-language", "x-request-id", "user-agent", "referer", "cookie")
            )
        for room in ("needs", "achievements", "panels"):
            yield Place("portal", "GET", f"/public/{room}/{{record_id}}", "path", "record_id")


class _Run:
    """One run: it sends, and looks at answers, at the log and at the database."""

    connection: sa.Connection

    def __init__(self, world: World, told: Injected, dice: Random) -> None:
        self.world = world
        self.told = told
        self._payloads = list(corpus())
        dice.shuffle(self._payloads)
        self._next = 0
        self._log = io.StringIO()
        self._records = 0
        self._counts: dict[str, int] = {}

    def some(self, each: int) -> Iterator[tuple[str, str]]:
        """Yield the next payloads of the shuffled corpus, round and round."""
        for _ in range(each):
            yield self._payloads[self._next % len(self._payloads)]
            self._next += 1

    def count(self) -> None:
        """Remember how many rows there are of what payloads would delete."""
        for name, table in (("accounts", "account"), ("firms", "enterprise")):
            self._counts[name] = self.connection.scalar(sa.text(f"SELECT count(*) FROM {table}"))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Let the product's own formatter write its log where it can be read."""
        handler, root = logging.StreamHandler(self._log), logging.getLogger()
        handler.setFormatter(JsonLines())
        handler.addFilter(self._counted)
        disabled, level = logging.root.manager.disable, root.level
        logging.disable(logging.NOTSET)
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        try:
            yield
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
            logging.disable(disabled)

    def _counted(self, _: logging.LogRecord) -> bool:
        self._records += 1
        return True

    async def send(self, place: Place, kind: str, payload: str) -> None:
        """Send one payload and judge the answer."""
        role = _role(place)
        token = self.world.actors[role][1] if role else None
        try:
            question = self._question(place, payload)
        except UnicodeEncodeError:  # half a character travels in JSON alone
            return
        answer = await ask(self.world.house.app, question, token)
        self.told.asked += 1
        self.told.accepted += answer.status < 300
        title = f"{place.operation} {place.kind} {place.name} {payload[:40]!r}"
        self.told.effects += [f"{title}: {what}" for what in effects(answer, kind, payload)]
        if kind == "sql" and widened(place, payload, answer):
            self.told.effects.append(f"{title}: lists records that do not hold it")
        if answer.status == 401 and role:
            self.world.restore()

    def _question(self, place: Place, payload: str) -> Question:
        if place.kind != "body":
            payload.encode()
        register, ids = self._ids(place)
        if place.kind == "path":
            ids[place.name] = payload
        path = place.path
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", value)
        query = dict.fromkeys(place.others, "2026-01-01")
        if place.kind == "query":
            query[place.name] = payload
        headers: list[tuple[str, str]] = []
        if place.method in ("PUT", "PATCH", "POST", "DELETE"):
            headers.append(("if-match", f'"{self._version(register, ids.get("id", ""))}"'))
        if place.kind == "header":
            headers = [h for h in headers if h[0] != place.name]
            headers.append((place.name, payload.encode().decode("latin-1")))
        body = b""
        if place.kind == "body":
            body = json.dumps(place.filled(payload)).encode()
            headers.append(("content-type", "application/json"))
        made = Question(place.method, path, urlencode(query), body)
        return replace(made, headers=tuple(headers))

    def _ids(self, place: Place) -> tuple[str, dict[str, str]]:
        """Return the register a path is about and real values for its parameters."""
        register = place.path.removeprefix("/api/v1/").split("/")[0]
        values = {"form": "jsonl", "scheme": "industry", "row": "2", "register": "needs"}
        values |= {"version": "1", "page": "1", "move": "x", "name": "needs"}
        if register in self.world.places:
            one = self.world.places[register]["own"].id
            beside = {
                "attachment_id": self.world.files[one],
                "comment_id": self.world.comments[one],
            }
            imports = next((b for (r, _), b in self.world.batches.items() if r == register), one)
            values |= beside | {"id": imports if "/imports/" in place.path else one}
        else:
            values["id"] = self.world.spare["account"]
        named = [p.partition("}")[0] for p in place.path.split("{")[1:]]
        return register, {name: values.get(name, self.world.spare["view"]) for name in named}

    def _version(self, register: str, record: str) -> int:
        table = register.removesuffix("s").replace("-", "_")
        table = {"service_log": "service_log_entry", "matche": "match"}.get(table, table)
        if register not in self.world.places or len(record) != 36:
            return 1
        found = self.connection.scalar(
            sa.text(f"SELECT version FROM {table} WHERE id::text = :id"), {"id": record}
        )
        return int(found or 1)

    def look_back(self) -> None:
        """Judge the database and the log after everything was sent."""
        if self.connection.scalar(sa.text(_CHANGED), self._counts):
            self.told.effects.append("the database was changed by a payload")
        self.told.effects += forged(self._log.getvalue(), self._records)


def forged(log: str, records: int) -> Iterator[str]:
    """Yield what is wrong with a log of one JSON object a line."""
    lines = log.removesuffix("\n").split("\n") if log else []
    if len(lines) != records:
        yield f"the log has {len(lines)} lines for {records} records"
    for line in lines:
        try:
            json.loads(line)
        except ValueError:
            yield f"a line of the log is no record: {line[:80]!r}"
            return


def effects(answer: Answer, kind: str, payload: str) -> Iterator[str]:
    """Yield the traces of a payload in an answer."""
    if answer.status >= 500:
        yield f"answers {answer.status}"
    yield from (f"shows {said!r}" for said in _GIVEN_AWAY if said in answer.body)
    headers = dict(answer.headers)
    media = headers.get(b"content-type", b"")
    if media.startswith(b"text/html") and "<" in payload and payload.encode() in answer.body:
        yield "stands in a page as it was sent"
    if kind == "templates" and PRODUCT.encode() in answer.body:
        yield "was worked out"
    if any(
        name == b"x-canary" or b"\n" in value or b"\r" in value for name, value in answer.headers
    ):
        yield "became a header"
    if b"set-cookie" in headers and CANARY.encode() in headers[b"set-cookie"]:
        yield "became a cookie"


def widened(place: Place, payload: str, answer: Answer) -> bool:
    """Say whether a filter for a text found records: none holds a payload."""
    listing = place.operation.endswith("_list") and place.name.endswith("__contains")
    if not listing or answer.status != 200 or len(payload) == 1:
        return False
    return bool(answer.json()["items"])


def _role(place: Place) -> str | None:
    """Return somebody who gets past the door of an operation."""
    if place.operation == "portal" or "/auth/" in place.path or "/public" in place.path:
        return None
    register = place.path.removeprefix("/api/v1/").split("/")[0]
    may = oracle.MAY.get(register)
    if may is None:
        return _DESK_ROLES.get(register, _BEFORE)
    writers = may.get("create") or may.get("revise") or frozenset({_BEFORE})
    return next((r for r in ("station_staff", _BEFORE) if r in writers), min(writers))
