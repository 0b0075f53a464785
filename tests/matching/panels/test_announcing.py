"""A result told to everybody names no enterprise, and reviewers only as long as they agree."""

from typing import Any

from tests.house import House, if_match
from tests.libraries.people import API, CENTRE, LEADER, tried
from tests.matching.panels.scene import Scene, opened, panel, published, scene

PUBLIC = f"{API}/public/panels"
NOTICE = {"title": "减速器攻关项目论证结果", "text": "经专家组论证，建议修改后立项实施。"}


async def read(there: Scene) -> dict[str, Any]:
    async with there.house.client(None) as anybody:
        answer = await anybody.get(f"{PUBLIC}/{there.panel['id']}")
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]


async def agree(house: House, expert: dict[str, Any], *scope: str) -> None:
    async with house.client(CENTRE) as centre:
        url = f"{API}/experts/{expert['id']}"
        now = (await centre.get(url)).json()
        answer = await centre.patch(url, json={"consent_scope": list(scope)}, headers=if_match(now))
        assert answer.status_code == 200, answer.text


async def test_a_result_is_announced_in_words_of_its_own_and_taken_down(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await opened(there)
    await published(there)
    async with house.client(LEADER) as leader, house.client(CENTRE) as centre:
        names = {"title": "论证结果", "text": f"{there.firm['name']}的项目建议立项实施。"}
        refused = await tried(leader, "panels", there.panel, "announce", **names)
        assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
            ("/text", "reveals_owner")
        ]
        staff = await tried(centre, "panels", there.panel, "announce", **NOTICE)
        assert staff.status_code == 403
    done = await there.leader("announce", **NOTICE)
    assert done["announced_on"] is not None
    assert done["moves"] == ["retract"]
    told = await read(there)
    assert (told["title"], told["conclusion_label"]) == (NOTICE["title"], "修改后同意")
    assert (told["reviews"], told["chair"], told["reviewers"]) == (3, None, [])
    async with house.client(None) as anybody:
        assert (await anybody.get(PUBLIC)).json()["total"] == 1
        page = await anybody.get(f"/public/panels/{there.panel['id']}")
        assert page.status_code == 200
        assert NOTICE["text"] in page.text
        await there.leader("retract", reason="内容有误")
        assert (await anybody.get(f"{PUBLIC}/{there.panel['id']}")).status_code == 404
        assert (await anybody.get(f"/public/panels/{there.panel['id']}")).status_code == 404
        assert (await anybody.get(PUBLIC)).json()["items"] == []


async def test_reviewers_are_named_who_agreed_and_no_longer_once_they_do_not(
    house: House,
) -> None:
    there = await scene(house, 3)
    await panel(there, chair_id=there.experts[0]["id"])
    await agree(house, there.experts[0], "library", "match", "publish")
    await agree(house, there.experts[1], "library", "match", "publish")
    await agree(house, there.experts[2], "library", "match")
    await opened(there)
    await published(there)
    await there.leader("announce", **NOTICE, with_names=True)
    told = await read(there)
    assert (told["chair"], told["reviewers"]) == ("甲一", ["乙二"])
    await agree(house, there.experts[0], "library", "match")
    told = await read(there)
    assert (told["chair"], told["reviewers"]) == (None, ["乙二"])
