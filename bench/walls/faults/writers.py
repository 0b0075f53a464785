"""Clients that repeat every create under its key until somebody acknowledges it."""

import asyncio
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Self

import httpx
import sqlalchemy as sa

from app.access import passwords, sessions
from app.access.roles import Role, wall_of
from app.core import db
from app.core.database_roles import owner_url
from bench.walls.faults.installation import Installation, settings_of, until
from tests import house
from tests.ledgers.builders import an_enterprise

PAUSE = 0.1  # seconds before a write is tried again
READ_BACK = 5  # every so many writes the record is read as well


PARKS = ("east-park", "lake-park", "west-park")  # each counts its own records
PASSWORD = "Zz9.样例口令-for-harness"  # noqa: S105  of a throw-away installation
_SIGNED_IN = sa.text(
    "UPDATE session s SET expires_at = now() + make_interval(hours => :hours)"
    " FROM hat h JOIN organisation o ON o.id = h.organisation_id"
    " WHERE h.id = s.hat_id AND h.role || '@' || o.code = :who RETURNING s.id, s.account_id"
)
_PASSWORD_SET = sa.text(
    "UPDATE account SET password_hash = :hashed WHERE id = :account RETURNING username"
)


@dataclass(frozen=True)
class Desk:
    """Who writes in one park, and about whom."""

    username: str
    token: str
    enterprise: str


People = tuple[Desk, ...]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A write somebody answered 201 to; instants are of the monotonic clock."""

    id: str
    sent: float
    at: float


def people(installation: Installation, hours: int = 3) -> People:
    """Found organisations, accounts and enterprises; who writes stays signed in so long."""
    from app.main import create_app

    async def founded() -> list[str]:
        built = await house.build(create_app())
        firms = [await an_enterprise(built, park) for park in PARKS]
        await db.close()
        return [str(firm["id"]) for firm in firms]

    with settings_of(installation):
        enterprises = asyncio.run(founded())
        engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
        with engine.begin() as connection:
            pairs = zip(PARKS, enterprises, strict=True)
            return tuple(_desk(connection, park, firm, hours) for park, firm in pairs)


def _desk(connection: sa.Connection, park: str, enterprise: str, hours: int) -> Desk:
    given = {"hours": hours, "who": f"{Role.station_staff}@{park}-station"}
    session, account = connection.execute(_SIGNED_IN, given).one()
    password = {"hashed": passwords.hashed_now(PASSWORD), "account": account}
    username = str(connection.execute(_PASSWORD_SET, password).scalar_one())
    token = sessions.access_token(session, wall_of(Role.station_staff), hours * 3600)
    return Desk(username, token, enterprise)


def signed_in(url: str, who: People) -> People:
    """Sign in anew by password, as people do whose session a server no longer takes."""

    def token(desk: Desk) -> str:
        form = {"username": desk.username, "password": PASSWORD}
        answer = httpx.post(f"{url}/api/v1/auth/token", data=form, timeout=60)
        return str(answer.raise_for_status().json()["access_token"])

    return tuple(replace(desk, token=token(desk)) for desk in who)


@dataclass
class Writers:
    """Some of them at once, in threads; what they were told stays to be checked."""

    url: str
    people: People
    many: int = 16
    acknowledged: dict[str, Acknowledged] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _series: int = 0

    def __enter__(self) -> Self:
        self._over.clear()
        self._series += 1
        self._threads = [
            threading.Thread(target=self._write, args=[n], daemon=True) for n in range(self.many)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def go_on(self, more: int, seconds: float) -> None:
        """Let so many more be acknowledged, in no less than so many seconds."""
        enough = len(self.acknowledged) + more
        time.sleep(seconds)
        until(lambda: len(self.acknowledged) >= enough)

    def back_after(self, instant: float) -> float:
        """Wait for the first acknowledged write sent after ``instant``; return its seconds."""
        until(lambda: self.first_after(instant) is not None)
        return self.first_after(instant) or 0.0

    def unexpected(self) -> dict[int, int]:
        """Return the statuses that no client should ever see, and how often they were seen."""
        return {s: n for s, n in self.statuses.items() if s >= 500 and s != 503}

    def first_after(self, instant: float) -> float | None:
        """Return when the first write sent after ``instant`` was acknowledged, in seconds."""
        found = [one.at for one in list(self.acknowledged.values()) if one.sent > instant]
        return min(found) - instant if found else None

    def _write(self, writer: int) -> None:
        number = 0
        with httpx.Client(base_url=f"{self.url}/api/v1", timeout=15) as client:
            while not self._over.is_set():
                number += 1
                self._until_acknowledged(client, writer, number)

    def _until_acknowledged(self, client: httpx.Client, writer: int, number: int) -> None:
        title = f"写入 {self._series}-{writer}-{number}"
        key = {"Idempotency-Key": title.encode().hex()}
        while True:
            desk = self.people[writer % len(self.people)]
            client.headers["Authorization"] = f"Bearer {desk.token}"
            given = {"title": title, "description": "说明", "enterprise_id": desk.enterprise}
            sent = time.monotonic()
            try:
                answer = client.post("/needs", json=given, headers=key)
            except httpx.TransportError:
                if self._pause():
                    return
                continue
            self.statuses[answer.status_code] += 1
            if answer.status_code == 201:
                made = answer.json()["id"]
                self.acknowledged[title] = Acknowledged(made, sent, time.monotonic())
                if number % READ_BACK == 0:
                    self._read(client, made)
                return
            if self._pause():
                return

    def _pause(self) -> bool:
        """Wait before trying again; say whether there is no need to any more."""
        return self._over.wait(PAUSE)

    def _read(self, client: httpx.Client, made: str) -> None:
        with suppress(httpx.TransportError):
            self.statuses[client.get(f"/needs/{made}").status_code] += 1
