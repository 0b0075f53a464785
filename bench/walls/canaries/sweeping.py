"""Everything the application says to everybody: lists, records, pasts, feeds, files, refusals."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote
from uuid import UUID

from app.access.roles import Role
from bench.walls.canaries.judging import Judge
from bench.walls.canaries.planting import SECRET, Planted, body
from bench.walls.canaries.tokens import Canary
from tests.access import oracle
from tests.access.asgi import Answer, Question, ask, written
from tests.access.rules import Who
from tests.house import House

_API = "/api/v1"
_FORMS = ("csv", "jsonl", "xlsx")
_DESK: tuple[str, ...] = ("dashboard", "me", "registers", "notifications", "undo", "tasks")
_DESK += ("views?register=needs", "accounts", "acts", "organisations", "public/needs")


class Heard(logging.Handler):
    """Keeps what is logged, as a server's log would have it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        told = {k: v for k, v in record.__dict__.items() if k not in ("exc_info", "args")}
        self.lines.append(f"{record.getMessage()} {told} {record.exc_text or record.exc_info}")


@contextmanager
def listening(judge: Judge) -> Iterator[None]:
    """Judge every line logged meanwhile: no canary stands in any."""
    heard, root = Heard(), logging.getLogger()
    root.addHandler(heard)
    try:
        yield
    finally:
        root.removeHandler(heard)
        judge.nobody("log", "\n".join(heard.lines).encode())


async def everybody(house: House, planted: Planted) -> dict[str, tuple[Who, str]]:
    """Return who asks, with their token: one of every role in the east, a station in the west."""
    firm = planted.of("enterprises", "east-park")[0].id
    person = planted.of("experts", "east")[0].id
    names = {
        "station_staff@east-park-station": Who("station_staff", "east-park"),
        "station_staff@west-park-station": Who("station_staff", "west-park"),
        "committee@east-park-committee": Who("committee", "east-park"),
        "centre_staff@east": Who("centre_staff", "east"),
        "centre_leader@east": Who("centre_leader", "east"),
        "province_staff@province": Who("province_staff", "province"),
        "auditor@province": Who("auditor", "province"),
        "system_admin@province": Who("system_admin", "province"),
        "security_admin@province": Who("security_admin", "province"),
        await house.hire(Role.enterprise, "east-park", ("enterprises", UUID(firm))): Who(
            "enterprise", "east-park", firm
        ),
        await house.hire(Role.expert, "east", ("experts", UUID(person))): Who(
            "expert", "east", person
        ),
    }
    return {name: (who, house.tokens[name]) for name, who in names.items()}


class Enough(Exception):
    """Something stood where it should not, and no more was asked."""


class Sweep:
    """One actor after another asks for everything; each answer goes to the judge."""

    def __init__(self, house: House, judge: Judge, records: int, *, first: bool = False) -> None:
        """``first`` ends the asking at the first thing found."""
        self.house, self.judge, self.records, self.first = house, judge, records, first
        self.asked = 0

    async def ask(self, who: Who, token: str, question: Question, about: str = "") -> Answer:
        answer = await ask(self.house.app, question, token)
        self.asked += 1
        name = f"{question.method} {question.path}?{question.query} by {who.role}"
        headers = b"\n".join(k + b": " + v for k, v in answer.headers)
        self.judge.answer(f"headers of {name}", None, headers)
        self.judge.answer(name, who, answer.body, asked_for=about)
        if self.first and self.judge.wrong:
            raise Enough
        return answer

    async def of(self, who: Who, token: str) -> None:
        """Have one actor ask for everything it may ask for, and for what it may not."""
        if who.role in oracle.MAY["needs"]["create"] | oracle.MAY["experts"]["create"]:
            await self._writes(who, token)
        for path in _DESK:
            place, _, query = path.partition("?")
            await self.ask(who, token, Question("GET", f"{_API}/{place}", query))
        for register in self.judge.planted_registers:
            await self._collection(who, token, register)
            for record in self.judge.some(register, self.records):
                await self._record(who, token, register, record)

    async def _collection(self, who: Who, token: str, register: str) -> None:
        base = f"{_API}/{register}"
        after: str | None = ""
        while after is not None:
            query = f"limit=500&count=true&facets=state{after and '&after=' + quote(after)}"
            page = await self.ask(who, token, Question("GET", base, query))
            after = page.json().get("next") if page.status == 200 else None
        await self.ask(who, token, Question("GET", f"{base}/changes", "limit=500"))
        for form in _FORMS:
            await self.ask(who, token, Question("GET", f"{base}/export.{form}"))
        for canary in self.judge.one_of_each_field(register):
            await self._guess(who, token, register, canary)

    async def _guess(self, who: Who, token: str, register: str, canary: Canary) -> None:
        """Ask whether a value is there: a search, a filter or a sort that finds it has told it."""
        base, value = f"{_API}/{register}", quote(canary.value)
        for path, query in (
            (base, f"q={value}&count=true"),
            (base, f"{canary.field}={value}&count=true"),
            (base, f"{canary.field}__contains={value}&count=true"),
            (base, f"facets={canary.field}"),
            (f"{_API}/search", f"q={value}"),
        ):
            answer = await self.ask(who, token, Question("GET", path, query))
            if answer.status == 200 and canary.secret and _finds(answer):
                self.judge.wrong.append(f"{path}?{query} by {who.role} finds a value it hides")

    async def _record(self, who: Who, token: str, register: str, record: str) -> None:
        base = f"{_API}/{register}/{record}"
        for path in ("", "/history", "/comments", "/following", "/attachments", "/undo"):
            await self.ask(who, token, Question("GET", base + path))
        for path in ("/versions/1", "/duplicates"):
            await self.ask(who, token, Question("GET", base + path))
        await self.ask(who, token, Question("GET", base, "as_of=2030-01-01"))
        reveal = written("POST", f"{base}/reveal", {"reason": "核对联系方式"})
        await self.ask(who, token, reveal, record)
        await self.ask(who, token, written("POST", f"{base}/reveal", {}))

    async def _writes(self, who: Who, token: str) -> None:
        """Write new canaries, well and badly: answers and logs say none of what is hidden."""
        for register in ("enterprises", "needs", "experts"):
            given, birds = body(register, self.judge.planted.aviary, 700_000 + self.asked)
            for name, value in birds.items():
                secret = name in SECRET[register]
                self.judge.forbid(Canary(value, register, name, "new", secret))
            path = f"{_API}/{register}"
            bad = given | {"no_such_field": next(iter(birds.values()))}
            for told in (bad, {**given, "name": 7, "title": 7}, {**given, "uscc": "1"}):
                await self.ask(who, token, written("POST", path, told))
            await self.ask(who, token, written("POST", f"{path}/similar", {"values": given}))
            if register != "needs":
                await self.ask(who, token, written("POST", path, given, idempotency_key=f"k{who}"))


def _finds(answer: Answer) -> bool:
    told: Mapping[str, object] = answer.json()
    return bool(told.get("items") or told.get("total") or told.get("groups"))
