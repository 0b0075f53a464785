"""Panels of the world to probe: some published, some with scores under seal, some not yet asked."""

from typing import Any, Protocol

Record = dict[str, Any]

#: How far the panel at each place has come.
_PUBLISHED = {"own", "raised"}
_SCORING = {"neighbour", "foreign"}


class Writer(Protocol):
    """What makes the records of the world."""

    named: dict[str, dict[str, str]]

    async def call(
        self, who: str, method: str, path: str, given: Any, **headers: str
    ) -> Record: ...

    async def make(self, who: str, register: str, place: str, **fields: Any) -> Record: ...

    async def move(
        self, who: str, register: str, record: Record, move: str, **form: Any
    ) -> Record: ...


class Panels:
    """One panel of one seat per place; the last of its experts is who the place is about."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def of(self, subject: Record, place: str, park: str, *experts: str) -> None:
        """Make the panel that judges ``subject`` and bring it as far as its place says."""
        city = "west" if park.startswith("west") else "east"
        staff, leader = f"centre_staff@{city}", f"centre_leader@{city}"
        writer = self._writer
        panel = await writer.make(
            staff,
            "panels",
            place,
            title=f"样例评审组{place}",
            **subject,
            experts=experts,
            size=1,
            min_members=1,
            criteria=[{"name": "创新性", "max_points": "100"}],
            note="评审组的内部备注",
        )
        seats = await writer.call(staff, "GET", f"panels/{panel['id']}/seats", None)
        review = seats["items"][-1]["review_id"]
        writer.named.setdefault("reviews", {})[place] = review
        if place not in _PUBLISHED | _SCORING:
            return
        panel = await writer.move(staff, "panels", panel, "invite")
        link = await writer.call(staff, "POST", f"reviews/{review}/invitation", {})
        own = "public/invitations/" + link["invitation_url"].rsplit("/", 1)[1]
        await writer.call(staff, "POST", f"{own}/accept", {})
        panel = await writer.move(staff, "panels", panel, "confirm")
        panel = await writer.move(staff, "panels", panel, "begin")
        pledge = {"pledge": True, "no_conflict": True}
        signed = await writer.call(staff, "POST", f"{own}/declare", pledge)
        own = f"public/invitations/{signed['own_token']}"
        published = place in _PUBLISHED
        sheet = {
            "scores": [{"criterion": "c1", "points": "80"}],
            "opinion": "approve",
            "comment": "论证充分" if published else "只有作者看的评语",
        }
        await writer.call(staff, "POST" if published else "PUT", f"{own}/scores", sheet)
        if published:
            panel = await writer.move(staff, "panels", panel, "lock")
            panel = await writer.move(leader, "panels", panel, "open")
            drafts = {"conclusion_draft": "approve", "opinion_draft": "同意"}
            version = {"If-Match": f'"{panel["version"]}"'}
            panel = await writer.call(staff, "PATCH", f"panels/{panel['id']}", drafts, **version)
            await writer.move(leader, "panels", panel, "publish")
