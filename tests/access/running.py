"""Asking all the probes, and saying what was answered otherwise than the specification says."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

import anyio

from tests.access import oracle
from tests.access.asgi import Answer, Question, ask
from tests.access.probes import Probe
from tests.access.world import World

#: A step on a record only read may fail on its state before it fails on its place.
_STATUS = {"forbid": {403}, "hidden": {404}, "elsewhere": {403, 404, 409}}
_AT_ONCE = 4


@dataclass
class Run:
    """What was asked and what was wrong."""

    world: World
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    _absent: dict[tuple[str | None, Question], Answer] = field(default_factory=dict)

    async def put_some(self, probes: Iterable[Probe], part: int) -> None:
        """Ask one of ``part`` probes, the same ones every time."""
        await self.put(p for p in probes if crc32(p.key.encode()) % part == 0)

    async def put(self, probes: Iterable[Probe]) -> None:
        """Ask ``probes``, some at a time."""
        waiting = iter(list(probes))

        async def lane() -> None:
            for probe in waiting:
                await self._one(probe)

        async with anyio.create_task_group() as group:
            for _ in range(_AT_ONCE):
                group.start_soon(lane)

    async def _one(self, probe: Probe) -> None:
        told = await self.answer(probe.role, probe.question, leaving="sign_out" in probe.operation)
        self.asked += 1
        expected = _STATUS.get(probe.verdict, {probe.allowed})
        if told.status not in expected:
            said = told.body[:160].decode(errors="replace")
            self.wrong.append(f"{probe.name}: {told.status}, not {sorted(expected)}: {said}")
        self.wrong += leaks(probe.name, probe.role, told.body)
        if probe.verdict == "hidden" and probe.absent is not None:
            await self._alike(probe, told)

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
        if self._absent[key] != told:
            self.wrong.append(f"{probe.name}: told apart from what is not there")


def leaks(name: str, role: str | None, body: bytes) -> list[str]:
    """Return which planted values an answer carries to somebody they are not for."""
    return [
        f"{name}: shows {planted}"
        for planted, readers in oracle.SECRETS.items()
        if role not in readers and planted.encode() in body
    ]
