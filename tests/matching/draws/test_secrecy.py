"""Who is in a pool is nobody's to know before the draw, and nobody's to change ever."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.core import db
from tests.libraries.people import API, CENTRE, LEADER, speaks_for
from tests.matching.draws.scene import COMMITTEE, STATION, Scene, name_of

OTHERS = (
    "station_staff@lake-park-station",
    "committee@lake-park-committee",
    "station_staff@west-park-station",
    "centre_staff@west",
    "centre_leader@west",
    "province_staff@province",
)


async def test_the_database_keeps_pool_promises_and_seed_from_the_application_itself(
    scene: Scene,
) -> None:
    draw = await scene.plan()
    await scene.promised()
    nodes = {"nodes": ",".join(str(o.node_id) for o in scene.house.organisations.values())}
    for statement, refused in (
        ("DELETE FROM draw_entry", "permission denied"),
        ("UPDATE draw_entry SET excluded = '[]'", "permission denied"),
        ("DELETE FROM draw_event", "permission denied"),
        ("UPDATE draw_event SET hash = ''", "permission denied"),
        ("UPDATE draw SET root = repeat('0', 64)", "frozen draw is not changed"),
        ("UPDATE draw SET size = 9", "frozen draw is not changed"),
        ("UPDATE draw_commitment SET hash = repeat('0', 64)", "promise is not changed"),
        ("UPDATE draw_commitment SET nonce = repeat('0', 64)", "shown_as_promised"),
    ):
        with pytest.raises(DBAPIError, match=refused):
            await _as_staff(nodes, statement)
    async with db.transaction("staff") as session:
        await session.execute(sa.text("SELECT set_config('app.nodes', :nodes, true)"), nodes)
        seen = await session.scalar(sa.text("SELECT count(*) FROM draw_entry"))
        told = await session.execute(
            sa.text("SELECT * FROM park_draw_pool(:draw)"), {"draw": draw["id"]}
        )
        assert seen == 0
        assert "expert_id" not in told.keys()  # noqa: SIM118 -- the columns of a result
        assert len(told.all()) == 15


async def _as_staff(nodes: dict[str, str], statement: str) -> None:
    """Do with the database what the application's own login may do."""
    async with db.transaction("staff") as session:
        await session.execute(sa.text("SELECT set_config('app.nodes', :nodes, true)"), nodes)
        await session.execute(sa.text(statement))


async def test_a_pool_changed_by_the_owner_of_the_database_stops_the_draw(
    scene: Scene, database: str
) -> None:
    await scene.plan()
    await scene.promised()
    await _as_owner(
        "UPDATE draw_entry SET excluded = '[\"unavailable\"]' WHERE unit IN"
        " (SELECT unit FROM draw_entry ORDER BY unit LIMIT 1)"
    )
    await scene.step(COMMITTEE, "reveal", nonce=scene.numbers["witness"])
    answer = await scene.attempt(CENTRE, "reveal", nonce=scene.numbers["operator"])
    assert answer.status_code == 409
    assert "不符" in answer.json()["detail"]


async def _as_owner(statement: str) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine

    from app.core.database_roles import owner_url
    from app.core.settings import get_settings

    engine = create_async_engine(owner_url(get_settings()))
    async with engine.begin() as connection:
        await connection.execute(sa.text(statement))
    await engine.dispose()


@pytest.mark.parametrize("who", OTHERS)
async def test_other_parks_cities_and_the_province_find_nothing(scene: Scene, who: str) -> None:
    await scene.plan()
    await scene.hold()
    for path in ("", "/course", "/people", "/bundle.json", "/history"):
        answer = await scene.send(who, "GET", f"{scene.path}{path}")
        assert answer.status_code == 404, (path, answer.text)
    moved = await scene.send(who, "POST", f"{scene.path}/moves/release", {}, **{"If-Match": '"1"'})
    assert moved.status_code == 404


async def test_no_answer_tells_a_name_before_the_draw_is_held(scene: Scene) -> None:
    await scene.plan()
    await scene.promised()
    for who in (STATION, COMMITTEE, CENTRE, LEADER, None):
        for path in _everything(scene):
            answer = await scene.send(who, "GET", path)
            told = answer.text
            for place in range(15):
                assert name_of(place) not in told, (who, path)
                assert scene.experts[place]["id"] not in told, (who, path)
    refused = await scene.send(LEADER, "GET", f"{scene.path}/people")
    assert refused.status_code == 403
    assert "保密" in refused.json()["detail"]


def _everything(scene: Scene) -> list[str]:
    """Return every place where a draw is told of."""
    return [
        scene.path,
        f"{API}/draws?count=true",
        f"{API}/draws?q={name_of(0)}",
        f"{API}/draws/changes",
        f"{API}/draws/export.xlsx?form=jsonl",
        f"{scene.path}/history",
        f"{scene.path}/course",
        f"{scene.path}/people",
        f"{scene.path}/bundle.json",
        f"{API}/public/draws",
        f"{API}/public/draws/{scene.draw['id']}",
        f"{API}/public/draws/{scene.draw['id']}/bundle.json",
    ]


async def test_an_expert_learns_of_the_own_place_in_the_pool_after_the_draw_only(
    scene: Scene,
) -> None:
    me = await speaks_for(scene.house, "experts", scene.experts[0], "east")
    await scene.plan()
    await scene.promised()
    early = await scene.send(me, "GET", f"{scene.path}/my-proof")
    assert early.status_code == 404
    for who, party in ((COMMITTEE, "witness"), (CENTRE, "operator")):
        await scene.step(who, "reveal", nonce=scene.numbers[party])
    mine = await scene.send(me, "GET", f"{scene.path}/my-proof")
    assert mine.status_code == 200
    listed = await scene.send(me, "GET", f"{API}/draws/mine")
    assert [one["id"] for one in listed.json()["items"]] == [scene.draw["id"]]
    assert (await scene.send(me, "GET", scene.path)).status_code == 404
