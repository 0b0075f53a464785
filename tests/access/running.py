"""Asking all the probes, and saying what was answered otherwise than the specification says."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal
from zlib import crc32

import anyio

from tests.access import oracle
from tests.access.asgi import Answer, Question, ask
from tests.access.probes import Probe
from tests.access.world import World

#: A step on a record only read may fail on its state before it fails on its place.
_STATUS = {
    "forbid": {403},
    "hidden": {404},
    "elsewhere": {403, 404, 409},
    "unknown": {422},
    "closed": {403, 422},
}
_DENIALS = {401, 403, 404}
_AT_ONCE = 4
Kind = Literal["grant", "denial", "apart", "broken"]


@dataclass(frozen=True)
class Wrong:
    """One answer that is not the specification's, and what kind of wrong it is."""

    kind: Kind
    said: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.said}"


@dataclass
class Run:
    """What was asked and what was wrong. ``first`` ends the asking at the first wrong answer."""

    world: World
    first: bool = False
    asked: int = 0  # requests, those for what is not there among them
    probes: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    _absent: dict[tuple[str | None, Question], Answer] = field(default_factory=dict)

    def counts(self) -> Counter[Kind]:
        """Return how many answers were wrong, by kind."""
        return Counter(one.kind for one in self.wrong)

    def note(self, kind: Kind, said: str) -> None:
        self.wrong.append(Wrong(kind, said))

    async def put_some(self, probes: Iterable[Probe], part: int, rest: int = 0) -> None:
        """Ask one of ``part`` probes, the same ones every time; ``rest`` says which."""
        await self.put(p for p in probes if crc32(p.key.encode()) % part == rest)

    async def put(self, probes: Iterable[Probe]) -> None:
        """Ask ``probes``, some at a time."""
        waiting = iter(probes)

        async def lane() -> None:
            for probe in waiting:
                await self._one(probe)
                if self.first and self.wrong:
                    return

        async with anyio.create_task_group() as group:
            for _ in range(_AT_ONCE):
                group.start_soon(lane)

    async def _one(self, probe: Probe) -> None:
        told = await self.answer(probe.role, probe.question, leaving="sign_out" in probe.operation)
        self.asked += 1
        self.probes += 1
        expected = _STATUS.get(probe.verdict, {probe.allowed})
        if told.status not in expected:
            said = told.body[:160].decode(errors="replace")
            kind = _kind(probe, told.status)
            self.note(kind, f"{probe.name}: {told.status}, not {sorted(expected)}: {said}")
        elif probe.check is not None and told.status not in _DENIALS:
            said = probe.check(told) or ""
            if said:
                self.note("denial" if said.startswith("says") else "grant", f"{probe.name}: {said}")
        for planted in leaks(probe.role, told.body):
            self.note("grant", f"{probe.name}: shows {planted}")
        if probe.verdict in ("hidden", "unknown") and probe.absent is not None:
            await self._alike(probe, told)

    async def probe(self, role: str, question: Question) -> Answer:
        """Return what the application answers, counted as a probe; the caller judges it."""
        self.asked += 1
        self.probes += 1
        return await self.answer(role, question)

    async def answer(
        self, role: str | None, question: Question, *, leaving: bool = False
    ) -> Answer:
        """Return what the application answers somebody."""
        token = None
        if role is not None:
            token = self.world.leavers[role] if leaving else self.world.actors[role][1]
        return await ask(self.world.house.app, question, token)

    async def _alike(self, probe: Probe, told: Answer) -> None:
        """What may not be seen must look exactly like what is not there."""
        assert probe.absent is not None
        key = (probe.role, probe.absent)
        if key not in self._absent:
            self._absent[key] = await self.answer(*key)
            self.asked += 1
        if _renamed(self._absent[key], probe) != told:
            self.note("apart", f"{probe.name}: told apart from what is not there")


def _kind(probe: Probe, status: int) -> Kind:
    if status >= 500:
        return "broken"
    if probe.verdict in ("allow", "closed"):
        return "denial" if status in _DENIALS else "broken"
    return "apart" if status in _DENIALS | {409} else "grant"


def _renamed(absent: Answer, probe: Probe) -> Answer:
    """Return the answer about an unknown name as it would be about the one probed."""
    if not probe.unknown:
        return absent
    named = absent.body.replace(probe.unknown.encode(), probe.detail.encode())
    size = str(len(named)).encode()
    headers = tuple((n, size if n == b"content-length" else v) for n, v in absent.headers)
    return replace(absent, body=named, headers=headers)


def leaks(role: str | None, body: bytes) -> list[str]:
    """Return which planted values an answer carries to somebody they are not for."""
    return [
        planted
        for planted, readers in oracle.SECRETS.items()
        if role not in readers and planted.encode() in body
    ]
