"""Links and the seal: whoever made a link never reads, nor writes, a sheet by it."""

from typing import Any

import httpx
import pytest

from tests.house import House
from tests.libraries.people import API, CENTRE
from tests.matching.invitations.test_links import PUBLIC, review_url
from tests.matching.panels.scene import Scene, accepted, panel, scene, sheet

pytestmark = pytest.mark.slow

PLEDGE = {"pledge": True, "no_conflict": True}
WORDS = "只有作者看的评语"


async def begun(house: House) -> tuple[Scene, str]:
    """Have a panel of three begin; return it, and a copied link to the first one's review."""
    there = await scene(house, 3)
    await panel(there)
    await accepted(there)
    await there.centre("begin")
    return there, await review_url(there)


async def declare(anybody: httpx.AsyncClient, url: str) -> str:
    """Sign the pledge by a copied link; return where the signer goes on."""
    told = await anybody.post(f"{url}/declare", json=PLEDGE)
    assert told.status_code == 200, told.text
    assert told.json()["may"] == ["decline", "recuse", "draft", "submit", "contest"]
    return f"{PUBLIC}/{told.json()['own_token']}"


async def reissued(there: Scene, place: int = 0) -> httpx.Response:
    review = (await there.seat(place))["review_id"]
    async with there.house.client(CENTRE) as centre:
        return await centre.post(f"{API}/reviews/{review}/invitation", json={})


async def history(there: Scene, place: int = 0) -> list[dict[str, Any]]:
    review = (await there.seat(place))["review_id"]
    async with there.house.client(CENTRE) as centre:
        told = (await centre.get(f"{API}/reviews/{review}/history")).json()["items"]
    return list(told)


async def test_whoever_answered_by_a_copied_link_scores_by_one_of_their_own(house: House) -> None:
    there, url = await begun(house)
    async with house.client(None) as anybody:
        own = await declare(anybody, url)
        for dead in (
            await anybody.get(url),
            await anybody.put(f"{url}/scores", json=sheet("1")),
            await anybody.post(f"{url}/scores", json=sheet("1", "1", "1")),
        ):
            assert dead.status_code == 404
        drafted = (await anybody.put(f"{own}/scores", json=sheet("30", comment=WORDS))).json()
        assert drafted["sheet"]["scores"][0]["points"] == "30"
        assert (await anybody.get(own)).json()["sheet"]["comment"] == WORDS
        done = await anybody.post(f"{own}/scores", json=sheet("30", "30", "10", comment=WORDS))
        assert (done.status_code, done.json()["state"]) == (200, "submitted")
        for told in (done, await anybody.get(own)):
            assert WORDS not in told.text
            assert told.json()["sheet"]["scores"] == []
            assert told.json()["sheet"]["submitted_at"]
        twice = await anybody.post(f"{own}/scores", json=sheet("40", "40", "20"))
        assert twice.status_code == 409
    assert (await reissued(there)).status_code == 409


async def test_once_a_sheet_is_begun_staff_make_no_link(house: House) -> None:
    there, url = await begun(house)
    async with house.client(None) as anybody:
        own = await declare(anybody, url)
        await anybody.put(f"{own}/scores", json=sheet("30", comment=WORDS))
        refused = await reissued(there)
        assert (refused.status_code, "已签署承诺" in refused.json()["detail"]) == (409, True)
        assert (await anybody.get(own)).json()["state"] == "declared"


async def test_whoever_lost_an_empty_sheet_signs_anew(house: House) -> None:
    there, url = await begun(house)
    async with house.client(None) as anybody:
        lost = await declare(anybody, url)
        again = (await reissued(there)).json()["invitation_url"].rsplit("/", 1)[1]
        assert (await anybody.get(lost)).status_code == 404
        told = (await anybody.get(f"{PUBLIC}/{again}")).json()
        assert (told["state"], told["pledged_at"]) == ("accepted", None)
        own = await declare(anybody, f"{PUBLIC}/{again}")
        done = await anybody.post(f"{own}/scores", json=sheet("30", "30", "10"))
        assert done.json()["state"] == "submitted"


async def test_a_link_made_before_neither_reads_nor_hands_in_what_was_saved_by_account(
    house: House,
) -> None:
    there, url = await begun(house)
    await there.answer(0, "declare", **PLEDGE)
    review = (await there.seat(0))["review_id"]
    async with house.client(there.accounts[0]) as own, house.client(None) as anybody:
        scores = f"{API}/reviews/{review}/scores"
        kept = await own.put(scores, json=sheet("30", "30", "10", comment=WORDS))
        assert kept.status_code == 200, kept.text
        told = await anybody.get(url)
        assert WORDS not in told.text
        assert told.json()["may"] == ["decline", "recuse"]
        for method in ("PUT", "POST"):
            for given in ({}, sheet("1", "1", "1")):
                refused = await anybody.request(method, f"{url}/scores", json=given)
                assert (refused.status_code, "只用于答复" in refused.text) == (403, True)
        assert (await reissued(there)).status_code == 409
        assert (await own.get(scores)).json()["comment"] == WORDS


async def test_ones_own_link_gives_way_to_what_was_saved_by_account(house: House) -> None:
    there, url = await begun(house)
    review = (await there.seat(0))["review_id"]
    async with house.client(there.accounts[0]) as own, house.client(None) as anybody:
        by_link = await declare(anybody, url)
        await anybody.put(f"{by_link}/scores", json=sheet("1"))
        await own.put(f"{API}/reviews/{review}/scores", json=sheet("30", comment=WORDS))
        assert WORDS not in (await anybody.get(by_link)).text
        refused = await anybody.post(f"{by_link}/scores", json=sheet("1", "1", "1"))
        assert (refused.status_code, "请登录" in refused.json()["detail"]) == (409, True)
        empty = await anybody.post(f"{by_link}/scores", json={})
        assert empty.status_code == 422
        done = await own.get(f"{API}/reviews/{review}")
        assert done.json()["state"] == "declared"


async def test_the_history_says_who_made_a_link_and_what_was_answered_by_it(house: House) -> None:
    there, url = await begun(house)
    async with house.client(None) as anybody:
        await declare(anybody, url)
    signed, made = (await history(there))[:2]
    assert (signed["verb"], signed["by"]["name"]) == (
        "move.declare",
        "甲一（凭工作人员经手的链接）",
    )
    assert (made["verb"], made["verb_label"]) == ("link", "生成答复链接")
    assert made["reason"].startswith(
        f"链接已显示给{made['by']['name']}，凭它可以代为答复；有效期至 20"
    )
    assert "链接" not in made["by"]["name"]
    assert url.rsplit("/", 1)[1] not in str(await history(there))
