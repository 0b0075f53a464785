"""Deadlines are recalled by mail, each once."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from app.core import jobs
from app.core.clock import today
from app.core.database_roles import owner_url
from app.matching.panels import reminding
from app.matching.panels.models import Review, ReviewState, SeatKind
from app.matching.panels.reminding import due
from tests.house import House
from tests.libraries.people import API, CENTRE
from tests.matching.invitations.letterbox import Letterbox, letterbox
from tests.matching.panels.scene import panel, scene

DAY = date(2026, 12, 10)


@pytest.fixture
async def box(database: str) -> AsyncIterator[Letterbox]:
    async with letterbox() as found:
        yield found


@pytest.mark.parametrize(
    ("state", "deadline", "column"),
    [
        (ReviewState.invited, DAY, "answer_reminded_at"),
        (ReviewState.invited, DAY + timedelta(days=1), "answer_reminded_at"),
        (ReviewState.invited, DAY + timedelta(days=2), None),
        (ReviewState.invited, DAY - timedelta(days=1), None),
        (ReviewState.accepted, DAY + timedelta(days=2), "review_reminded_at"),
        (ReviewState.declared, DAY, "review_reminded_at"),
        (ReviewState.declared, DAY + timedelta(days=3), None),
        (ReviewState.submitted, DAY, None),
        (ReviewState.declined, DAY, None),
        (ReviewState.reserved, DAY, None),
    ],
)
def test_who_is_reminded_when(state: ReviewState, deadline: date, column: str | None) -> None:
    review = Review(
        region_id=1,
        node_id=1,
        panel_id=uuid4(),
        expert_id=uuid4(),
        state=state,
        answer_by=deadline,
        review_by=deadline,
    )
    review.scoring_since = review.created_at
    assert due(review, DAY) == column
    if column:
        setattr(review, column, review.created_at)
        assert due(review, DAY) is None
    review.kind = SeatKind.alternate
    assert due(review, DAY) is None


def everything_is_due() -> int:
    """Let the jobs that wait for a later day be due now; return how many remind."""
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.begin() as owner:
        owner.execute(sa.text("SET LOCAL search_path = jobs"))
        count = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'panels.remind'"
        owner.execute(sa.text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
        return int(owner.scalar(sa.text(count)) or 0)


async def test_whoever_has_yet_to_answer_or_to_score_is_written_to_once(
    box: Letterbox, house: House
) -> None:
    there = await scene(house, 3)
    soon = (today() + timedelta(days=1)).isoformat()
    later = (today() + timedelta(days=4)).isoformat()
    await panel(there, answer_by=soon, review_by=later)
    async with house.client(CENTRE) as centre:
        for place, expert in enumerate(there.experts):
            now = (await centre.get(f"{API}/experts/{expert['id']}")).json()
            mailed = await centre.patch(
                f"{API}/experts/{expert['id']}",
                json={"email": f"e{place}@example.cn"},
                headers={"If-Match": f'"{now["version"]}"'},
            )
            assert mailed.status_code == 200, mailed.text
    await there.centre("invite")
    await there.answer(0, "accept")
    await jobs.drain()
    box.letters.clear()
    await remind(there.panel)
    assert sorted(letter["To"] for letter in box.letters) == ["e1@example.cn", "e2@example.cn"]
    assert {letter["Subject"] for letter in box.letters} == {"提醒：请答复邀请：行星减速器项目论证"}
    await remind(there.panel)
    assert len(box.letters) == 2
    for place in (1, 2):
        await there.answer(place, "accept")
    await jobs.drain()
    await there.reload()
    await there.centre("begin")
    await jobs.drain()
    assert everything_is_due() >= 1
    box.letters.clear()
    await jobs.drain()
    assert box.letters == []  # four days before: too early


async def remind(made: dict[str, object]) -> None:
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.connect() as owner:
        node = owner.scalar(sa.text("SELECT node_id FROM panel"))
    await reminding.remind(UUID(str(made["id"])), int(node or 0))
    await jobs.drain()
