"""Ways round the walls: what is kept beside the records, and words of records one may not see."""

import pytest
import sqlalchemy as sa

from tests.access.asgi import Question, ask, written
from tests.access.running import Run
from tests.access.world import World

pytestmark = pytest.mark.slow

#: Personal values planted in the world; in the database they stand encrypted or masked only.
_PERSONAL = ("13900001111", "13900002222", "13900003333", "kanali@example.cn", "13900004444")


async def test_no_table_holds_a_personal_value_in_plain(probed: World) -> None:
    """Rows, versions, the trail, the search index, the answers kept for a repeated create."""
    token = probed.actors["station_staff"][1]
    given = {
        "title": "样例需求带电话",
        "description": "说明",
        "enterprise_id": probed.places["enterprises"]["own"].id,
        "contact_phone": "13900004444",
    }
    made = written("POST", "/api/v1/needs", given, idempotency_key="leak")
    first, second = [await ask(probed.house.app, made, token) for _ in range(2)]
    assert (first.status, first.body) == (201, second.body)
    assert first.json()["contact_phone"] == "139****4444"
    with probed.owner.connect() as connection:
        tables = connection.execute(
            sa.text(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
                " AND relnamespace = 'public'::regnamespace"
            )
        )
        for table in tables.scalars().all():
            for value in _PERSONAL:
                count = sa.text(f'SELECT count(*) FROM "{table}" t WHERE strpos(t::text, :v) > 0')
                assert connection.scalar(count, {"v": value}) == 0, (table, value)


async def test_a_merged_need_does_not_tell_the_title_of_one_that_may_not_be_seen(
    probed: World,
) -> None:
    hidden = probed.places["needs"]["neighbour"]
    raised = probed.places["needs"]["raised"]
    update = sa.text("UPDATE need SET merged_into = :into, state = 'merged' WHERE id = :id")
    with probed.owner.begin() as connection:
        connection.execute(update, {"into": hidden.id, "id": raised.id})
    run = Run(probed)
    told = {}
    for role in ("station_staff", "province_staff"):
        answer = await run.answer(role, Question("GET", f"/api/v1/needs/{raised.id}"))
        assert answer.status == 200
        told[role] = answer.json()["labels"].get("merged_into")
    assert told["station_staff"] == "样例需求neighbour"
    assert told["province_staff"] is None
