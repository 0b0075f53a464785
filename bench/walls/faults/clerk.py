"""A clerk who has workbooks written as long work, one after the other, whatever is killed."""

import threading
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
import sqlalchemy as sa

from app.core.database_roles import owner_url
from app.ledgers.enterprises.credit_code import make
from bench.walls.faults.installation import Installation, settings_of
from bench.walls.faults.writers import PAUSE, People
from tests.workbooks import xlsx

ROWS = 320  # more than is written while the clerk waits
_FINISHED = ("done", "failed", "cancelled")
_WRITTEN = sa.text(
    "SELECT count(*), (SELECT count(*) FROM record_version v JOIN enterprise w"
    " ON w.id = v.record_id WHERE w.name LIKE :named)"
    " FROM enterprise e WHERE e.deleted_at IS NULL AND e.name LIKE :named"
)
_BROKEN_OFF = sa.text("SELECT count(*) FROM task_run WHERE attempt > 1")


@dataclass
class Clerk:
    """Uploads, commits and waits; remembers which workbooks the product called written."""

    url: str
    people: People
    done: list[int] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let the last workbook be finished: what was acknowledged as asked for has to be done."""
        self._over.set()
        assert self._thread
        self._thread.join(180)

    def _work(self) -> None:
        number = 0
        headers = {"Authorization": f"Bearer {self.people[0].token}"}
        with httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=60) as client:
            while not self._over.is_set():
                number += 1
                self._written(client, number)

    def _written(self, client: httpx.Client, number: int) -> None:
        files = {"file": (f"{number}.xlsx", workbook(number))}
        batch = self._asked(client, "POST", "/enterprises/imports", {201}, files=files)
        place = f"/enterprises/imports/{batch['id']}"
        self._asked(client, "POST", f"{place}/moves/commit", {200, 202, 409})
        while self._asked(client, "GET", place, {200})["state"] != "committed":
            if self._task_failed(client):
                self.given_up.append(number)
                return
            self._over.wait(PAUSE)
        self.done.append(number)

    def _task_failed(self, client: httpx.Client) -> bool:
        """Say whether the newest task was given up (broken off too often)."""
        newest = self._asked(client, "GET", "/tasks", {200})["items"][0]
        return newest["state"] in _FINISHED and newest["state"] != "done"

    def _asked(
        self, client: httpx.Client, method: str, path: str, wanted: set[int], **given: Any
    ) -> Any:
        """Ask until an answer is one of those wanted."""
        while True:
            try:
                answer = client.request(method, path, **given)
            except httpx.TransportError:
                threading.Event().wait(PAUSE)
                continue
            self.statuses.add(answer.status_code)
            if answer.status_code in wanted:
                return answer.json()
            if answer.status_code < 500 and answer.status_code != 429:
                raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
            threading.Event().wait(PAUSE)


def workbook(number: int) -> bytes:
    """Return enterprises that no other workbook names."""
    rows = [
        (f"样例第{number}册{row}号有限公司", make("990101", f"M{number:03d}{row:04d}"))
        for row in range(ROWS)
    ]
    return xlsx([("企业名称", "统一社会信用代码"), *rows])


def wrongly_written(installation: Installation, clerk: Clerk) -> tuple[list[int], int]:
    """Return the workbooks not written exactly once, and how many tasks were broken off."""
    with settings_of(installation):
        engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    wrong = []
    with engine.connect() as connection:
        for number in [*clerk.done, *clerk.given_up]:
            named = {"named": f"样例第{number}册%"}
            wanted = ROWS if number in clerk.done else 0
            if tuple(connection.execute(_WRITTEN, named).one()) != (wanted, wanted):
                wrong.append(number)
        broken_off = int(connection.execute(_BROKEN_OFF).scalar_one())
    return wrong, broken_off
