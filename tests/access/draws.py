"""Draws of the world to probe: one published, one with its pool frozen, the others planned."""

from typing import Any

from app.matching.drawing.chance import commitment
from tests.access.panels import Writer

Record = dict[str, Any]

#: Where each draw is asked for, and how far it has come.
_PLACES = {"own": "east-park", "neighbour": "east-park", "sibling": "lake-park"}
_NUMBERS = {"operator": "0a" * 32, "witness": "0b" * 32}


class Draws:
    """One draw per place. They are held while nobody in the library has been asked to judge."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def fill(self) -> None:
        for place, park in _PLACES.items():
            draw = await self._plan(place, park)
            if place != "sibling":
                draw = await self._writer.move("centre_staff@east", "draws", draw, "freeze")
            if place == "own":
                await self._publish(draw)
        await self._plan("foreign", "west-park")

    async def _plan(self, place: str, park: str) -> Record:
        return await self._writer.make(
            f"station_staff@{park}-station",
            "draws",
            place,
            title=f"样例抽取{place}",
            subject_note=f"样例论证{place}",
            size=3,
            alternates=1,
            per_unit_max=3,
            avoid=["申请人不要的某专家"],
        )

    async def _publish(self, draw: Record) -> None:
        staff, leader = "centre_staff@east", "centre_leader@east"
        committee = "committee@east-park-committee"
        for who, party in ((staff, "operator"), (committee, "witness")):
            given = commitment(draw["id"], party, _NUMBERS[party])
            draw = await self._writer.move(who, "draws", draw, "commit", hash=given)
        for who, party in ((staff, "operator"), (committee, "witness")):
            draw = await self._writer.move(who, "draws", draw, "reveal", nonce=_NUMBERS[party])
        draw = await self._writer.move(leader, "draws", draw, "release")
        await self._writer.move(staff, "draws", draw, "publish")
