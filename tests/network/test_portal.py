"""The public pages: what is published and nothing else, in three languages, without a script."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database_roles import owner_url
from app.core.ids import new_id
from app.core.labels import LOCALES
from app.network.portal.looks import style
from app.network.portal.words import catalogue
from app.registers.tables import Published
from tests.house import House
from tests.ledgers.builders import STATION, Record, a_need, a_user_of, an_enterprise, move

BLIND = {"blind_title": "低噪声驱动器", "blind_text": "寻求降低驱动器噪声的办法。"}
_TEMPLATES = Path(__file__).resolve().parents[2] / "app" / "network" / "portal" / "templates"
_CJK = re.compile(r"[\u4e00-\u9fff]")


async def seen(house: House, path: str, **headers: str) -> httpx.Response:
    async with house.client(None, **headers) as client:
        return await client.get(path)


async def a_published_need(house: House) -> tuple[Record, str, Record]:
    enterprise = await an_enterprise(
        house, name="蓝鲸光电科技有限公司", contact_phone="13800001234"
    )
    user = await a_user_of(house, enterprise)
    need = await a_need(house, user, hightech_field="01")
    await move(house, user, "needs", need, "submit")
    await move(house, STATION, "needs", need, "accept")
    return enterprise, user, await move(house, STATION, "needs", need, "publish", BLIND)


def put(house: House, *payloads: Mapping[str, Any], register: str = "needs") -> list[str]:
    """Publish rows as the database's owner, older ones last."""
    node = house.organisations["east-park"]
    engine = create_engine(owner_url())
    ids = []
    with Session(engine) as session, session.begin():
        for payload in payloads:
            row = Published(
                region_id=node.region_id,
                node_id=node.node_id,
                register_name=register,
                record_id=new_id(),
                published_at=now(),
                payload=dict(payload),
            )
            session.add(row)
            ids.append(str(row.record_id))
    engine.dispose()
    return ids


async def test_a_visitor_reads_the_blind_need_and_nothing_of_its_owner(house: House) -> None:
    enterprise, _, need = await a_published_need(house)
    for path in ("/", "/public", "/public/needs", f"/public/needs/{need['id']}"):
        answer = await seen(house, path)
        assert answer.status_code == 200, path
        assert BLIND["blind_title"] in answer.text
        for secret in (enterprise["id"], enterprise["name"], enterprise["uscc"], "1380000"):
            assert secret not in answer.text
        assert need["title"] not in answer.text


async def test_what_is_not_or_no_longer_published_is_not_there(house: House) -> None:
    enterprise, user, need = await a_published_need(house)
    await move(house, user, "needs", need, "withdraw")
    gone = await seen(house, f"/public/needs/{need['id']}")
    never = await seen(house, f"/public/needs/{new_id()}")
    other = await seen(house, f"/public/achievements/{need['id']}")
    none = await seen(house, "/public/needs/no-id")
    other_register = await seen(house, f"/public/needs/{enterprise['id']}")
    for answer in (gone, never, other, none, other_register):
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert BLIND["blind_title"] not in answer.text
    assert BLIND["blind_title"] not in (await seen(house, "/")).text
    assert gone.text.count("<h1>") == 1


async def test_a_search_finds_either_script_and_names_of_fields(house: House) -> None:
    put(
        house,
        {"title": "动力电池热管理", "text": "温差小于三度", "field": None, "kind": "technology"},
        {"title": "百分之 50% 的良率", "text": "涂布", "field": "01", "kind": "testing"},
    )
    for q, expected in (
        ("热管理", {"动力电池热管理"}),
        ("熱管理", {"动力电池热管理"}),
        ("电池 温差", {"动力电池热管理"}),
        ("电池 涂布", set()),
        ("50%", {"百分之 50% 的良率"}),
        ("%", {"百分之 50% 的良率"}),
        ("_", set()),
        ("电子信息", {"百分之 50% 的良率"}),
        ("'; drop table published; --", set()),
    ):
        async with house.client(None) as client:
            answer = await client.get("/public/needs", params={"q": q})
        found = {t for t in ("动力电池热管理", "百分之 50% 的良率") if f">{t}<" in answer.text}
        assert found == expected, q
    only = await seen(house, "/public/needs?field=01")
    assert "百分之 50% 的良率" in only.text
    assert "动力电池热管理" not in only.text


async def test_pages_follow_one_another_and_lose_nothing(house: House) -> None:
    ids = put(house, *({"title": f"第{n}项", "text": "", "field": None} for n in range(45)))
    read = [
        re.findall(r'href="/public/needs/([0-9a-f-]{36})"', (await seen(house, path)).text)
        for path in ("/public/needs", "/public/needs?page=2", "/public/needs?page=3")
    ]
    assert [len(page) for page in read] == [20, 20, 5]
    assert {one for page in read for one in page} == set(ids)
    for odd in ("0", "-1", "abc", "99999999999999999999", "²"):
        assert (await seen(house, f"/public/needs?page={odd}")).status_code == 200


async def test_what_was_written_is_text_and_never_markup(house: House) -> None:
    (one,) = put(house, {"title": "<script>alert(1)</script>", "text": '"><img src=x onerror=1>'})
    for path in ("/", "/public/needs", f"/public/needs/{one}", "/public/needs?q=%3Cscript%3E"):
        answer = await seen(house, path)
        assert "<script" not in answer.text
        assert "<img" not in answer.text


async def test_the_pages_carry_a_policy_without_scripts(house: House) -> None:
    answer = await seen(house, "/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    assert 'name="description"' in answer.text
    sheet = await seen(house, re.findall(r'href="(/portal\.css[^"]*)"', answer.text)[0])
    assert sheet.headers["content-type"].startswith("text/css")
    assert "immutable" in sheet.headers["cache-control"]
    assert "@media (prefers-color-scheme: dark) { :root {" in style()[0]
    assert "data-theme" not in style()[0]


async def test_language_and_size_are_chosen_and_kept(house: House) -> None:
    async with house.client(None, **{"accept-language": "en"}) as client:
        assert 'lang="en"' in (await client.get("/")).text
        assert 'lang="zh-TW"' in (await client.get("/?lang=zh-TW")).text
        assert 'lang="zh-TW"' in (await client.get("/public/needs")).text
        assert 'data-size="large"' in (await client.get("/public/needs?size=large")).text
        kept = (await client.get("/")).text
        assert 'data-size="large"' in kept
        assert "需求大廳" in kept
        odd = await client.get("/?lang=xx&size=huge")
        assert odd.status_code == 200
        assert "set-cookie" not in odd.headers


async def test_an_unchanged_page_is_not_sent_again(house: House) -> None:
    first = await seen(house, "/public/needs")
    again = await seen(house, "/public/needs", **{"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert "cookie" in first.headers["vary"].lower()


async def test_whoever_is_signed_in_gets_the_page_inside(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>inside</title>")
    monkeypatch.setattr("app.network.portal.router.built_page", lambda: tmp_path)
    for cookie in ("park_at=x", "park_rt=x", "__Host-at=x", "__Host-rt=x"):
        assert "inside" in (await seen(house, "/", cookie=cookie)).text
    assert "inside" not in (await seen(house, "/", cookie="park_lang=en")).text
    assert "inside" not in (await seen(house, "/public", cookie="park_at=x")).text


def test_every_language_says_the_same_and_every_key_asked_for_is_there() -> None:
    chinese = catalogue("zh-CN")
    for locale in LOCALES:
        told = catalogue(locale)
        assert told.keys() == chinese.keys()
        for key, text in told.items():
            assert text
            assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", chinese[key]) or (
                sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", chinese[key]))
            )
    assert not any(_CJK.search(text) for text in catalogue("en").values())
    asked = {
        key
        for template in _TEMPLATES.glob("*.html")
        for key in re.findall(r"t\('([\w.]+\w)'[,)]", template.read_text("utf-8"))
    }
    assert asked
    assert asked <= chinese.keys()
    taiwan = json.dumps(dict(catalogue("zh-TW")), ensure_ascii=False)
    for character in set(_CJK.findall(taiwan)):
        assert 0xA440 <= int.from_bytes(character.encode("big5"), "big") <= 0xC67E, character
