"""One declaration gives a register everything: the recipe's promise, kept on a toy."""

import json
from typing import Any

import httpx
import pytest

from tests.acts import plain
from tests.house import House, if_match

STATION, COMMITTEE = "station_staff@east-park-station", "committee@east-park-committee"
OTHER_PARK, CENTRE = "station_staff@lake-park-station", "centre_staff@east"
OTHER_CITY, PROVINCE = "centre_staff@west", "province_staff@province"
AUDITOR = "auditor@east"
URL = "/api/v1/toys"


async def a_toy(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    given = {"name": "苏州精密小火车", "code": f"T{id(fields) % 10**9}", "price": "12.50"} | fields
    answer = await client.post(URL, json=given)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def test_a_record_is_created_read_revised_and_moved(toys: House) -> None:
    async with toys.client(STATION) as client:
        made = await a_toy(client, tags=["红色"])
        assert (made["state"], made["version"], made["moves"]) == ("new", 1, ["sell"])
        url = f"{URL}/{made['id']}"
        body = {"name": "苏州精密大火车", "code": made["code"], "price": "20"}
        put = await client.put(url, json=body, headers=if_match(made))
        assert (put.status_code, put.headers["ETag"]) == (200, '"2"'), put.text
        assert put.json()["tags"] == []
        sold = await client.post(f"{url}/moves/sell", headers={"If-Match": '"2"'})
        assert sold.json()["state"] == "sold"
        assert sold.json()["editable"] == []


@pytest.mark.parametrize(
    ("header", "status"), [({}, 428), ({"If-Match": '"9"'}, 412), ({"If-Match": "x"}, 412)]
)
async def test_an_edit_names_the_version_it_read(
    toys: House, header: dict[str, str], status: int
) -> None:
    async with toys.client(STATION) as client:
        made = await a_toy(client)
        answer = await client.put(f"{URL}/{made['id']}", json=made, headers=header)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_patch_changes_only_what_it_names(toys: House) -> None:
    async with toys.client(STATION) as client:
        made = await a_toy(client, secret_note="仅供内部", maker_phone="13800138000")
        answer = await client.patch(
            f"{URL}/{made['id']}", json={"price": None}, headers=if_match(made)
        )
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert told["price"] is None
        assert (told["secret_note"], told["maker_phone"]) == ("仅供内部", "138****8000")
    assert await plain(toys, STATION, "toys", made) == {"maker_phone": "13800138000"}


async def test_refused_fields_are_named_in_the_callers_language(toys: House) -> None:
    async with toys.client(STATION, **{"Accept-Language": "zh-TW"}) as client:
        answer = await client.post(URL, json={"name": "x", "price": -1, "owner_id": None})
        assert answer.status_code == 422
        errors = {e["pointer"]: e["code"] for e in answer.json()["errors"]}
        assert errors == {
            "/name": "string_too_short",
            "/code": "missing",
            "/price": "greater_than_equal",
            "/owner_id": "extra_forbidden",
        }
        assert "填寫" in answer.json()["title"]


async def test_a_second_record_with_the_same_key_conflicts(toys: House) -> None:
    async with toys.client(STATION) as client:
        made = await a_toy(client)
        again = await client.post(URL, json={"name": "另一个", "code": made["code"]})
        assert again.status_code == 409


async def test_a_create_sent_twice_happens_once(toys: House) -> None:
    async with toys.client(STATION, **{"Idempotency-Key": "abc"}) as client:
        given = {"name": "小飞机", "code": "PLANE1"}
        first, second = await client.post(URL, json=given), await client.post(URL, json=given)
        assert (first.status_code, second.status_code) == (201, 201), second.text
        assert first.json() == second.json()
        other = await client.post(URL, json=given | {"code": "PLANE2"})
        assert other.json()["type"] == "urn:park:idempotency-key-reused"
        listed = await client.get(URL)
        assert len(listed.json()["items"]) == 1


@pytest.mark.parametrize("who", [OTHER_PARK, OTHER_CITY, PROVINCE, AUDITOR])
async def test_what_may_not_be_seen_is_not_there(toys: House, who: str) -> None:
    async with toys.client(STATION) as client:
        made = await a_toy(client)
    async with toys.client(who) as client:
        url = f"{URL}/{made['id']}"
        absent = f"{URL}/{made['id'][:-4]}0000"
        for path in ("", "/history", "/attachments", "?as_of=2030-01-01"):
            assert (await client.get(url + path)).status_code == 404
            assert (await client.get(url + path)).json() == (await client.get(absent + path)).json()
        moved = await client.post(f"{url}/moves/sell", headers=if_match(made))
        assert moved.status_code == 404
        listed = await client.get(URL, params={"count": "true", "facets": "kind", "q": "火车"})
        if who in (PROVINCE, AUDITOR):
            assert listed.status_code == 404
        else:
            assert (listed.json()["items"], listed.json()["total"]) == ([], 0)
            assert listed.json()["facets"] == {"kind": []}
            assert (await client.get(f"{URL}/changes")).json()["items"] == []


async def test_a_role_gets_a_field_plainly_in_part_or_not_at_all(toys: House) -> None:
    async with toys.client(STATION) as client:
        made = await a_toy(client, secret_note="仅供内部", maker_phone="13800138000")
        assert made["maker_phone"] == "138****8000"
        listed = (await client.get(URL)).json()["items"][0]
        assert listed["maker_phone"] == "138****8000"
    async with toys.client(COMMITTEE) as client:
        seen = (await client.get(f"{URL}/{made['id']}")).json()
        assert (seen["secret_note"], seen["maker_phone"]) == ("仅**", "138****8000")
        asked = await client.get(URL, params={"secret_note": "仅供内部"})
        assert asked.status_code == 422
    async with toys.client(CENTRE) as client:
        seen = (await client.get(f"{URL}/{made['id']}")).json()
        assert not {"secret_note", "maker_phone"} & set(seen)
        schema = (await client.get("/api/v1/registers/toys")).json()
        assert "secret_note" not in {f["name"] for f in schema["fields"]}
        history = (await client.get(f"{URL}/{made['id']}/history")).text
        assert "仅" not in history


@pytest.mark.parametrize(
    "q", ["精密小火车", "精密小火車", "蘇州 火車", "szjm", "小火", "红色", "车"]
)
async def test_search_finds_both_scripts_initials_and_short_words(toys: House, q: str) -> None:
    async with toys.client(STATION) as client:
        await a_toy(client, tags=["红色"])
        await a_toy(client, name="无关的东西", code="OTHER")
        found = (await client.get(URL, params={"q": q, "count": "true"})).json()
        assert [item["name"] for item in found["items"]] == ["苏州精密小火车"], q
        assert found["total"] == 1


async def test_pages_meet_without_gap_or_overlap_in_any_order(toys: House) -> None:
    names = ["张伟", "阿里", "长沙", "重庆", "李娜", "苏州"]
    async with toys.client(STATION) as client:
        for place, name in enumerate(names):
            await a_toy(
                client, name=name, code=f"P{place}00", price=str(place % 2) if place else None
            )
        for sort in ("name", "-name", "price,-name", "-created_at", "made_on"):
            seen: list[str] = []
            query: dict[str, str] = {"limit": "2", "sort": sort}
            while query:
                page = (await client.get(URL, params=query)).json()
                seen += [item["name"] for item in page["items"]]
                query = query | {"after": page["next"]} if page["next"] else {}
            assert sorted(seen) == sorted(names), sort
            if sort == "name":
                assert seen == ["阿里", "长沙", "重庆", "李娜", "苏州", "张伟"]


async def test_a_forged_cursor_is_refused(toys: House) -> None:
    async with toys.client(STATION) as client:
        for cursor in ("x", "bm90IGpzb24", "WyJhIiwiYiJd"):
            answer = await client.get(URL, params={"after": cursor})
            assert answer.status_code == 400


async def test_filters_and_facets_count_what_is_there(toys: House) -> None:
    async with toys.client(STATION) as client:
        await a_toy(client, code="AAA", kind="wooden", price="5", made_on="2026-01-02")
        await a_toy(client, code="BBB", kind="tin", price="50")
        expected: list[tuple[dict[str, Any], set[str]]] = [
            ({"price__gte": "10"}, {"BBB"}),
            ({"kind": "wooden"}, {"AAA"}),
            ({"kind": ["wooden", "tin"]}, {"AAA", "BBB"}),
            ({"made_on__isnull": "true"}, {"BBB"}),
            ({"made_on__lte": "2026-01-02"}, {"AAA"}),
        ]
        for query, codes in expected:
            items = (await client.get(URL, params=query)).json()["items"]
            assert {item["code"] for item in items} == codes, query
        facets = (await client.get(URL, params={"facets": "kind", "kind": "tin"})).json()["facets"]
        assert {f["value"]: f["count"] for f in facets["kind"]} == {"wooden": 1, "tin": 1}
        unknown = await client.get(URL, params={"colour": "red"})
        assert unknown.status_code == 422


async def test_history_says_who_changed_what_and_as_of_shows_it(toys: House) -> None:
    async with toys.client(STATION) as client:
        made = await a_toy(client)
        url = f"{URL}/{made['id']}"
        await client.patch(url, json={"name": "改名火车"}, headers=if_match(made))
        history = (await client.get(f"{url}/history")).json()["items"]
        assert [(h["version"], h["verb"]) for h in history] == [(2, "revise"), (1, "create")]
        change = next(c for c in history[0]["changes"] if c["field"] == "name")
        assert (change["old"], change["new"]) == ("苏州精密小火车", "改名火车")
        assert history[0]["by"]["role_label"] == "工作站工作人员"
        seen = await client.get(url, params={"as_of": "2999-01-01"})
        assert seen.json()["name"] == "改名火车"
        assert (await client.get(url, params={"as_of": "2001-01-01"})).status_code == 404


async def test_the_feed_tells_every_change_in_order_and_resumes(toys: House) -> None:
    async with toys.client(STATION) as client:
        made = await a_toy(client)
        start = (await client.get(f"{URL}/changes")).json()
        assert [(c["id"], c["op"]) for c in start["items"]] == [(made["id"], "put")]
        gone = await client.delete(f"{URL}/{made['id']}", headers=if_match(made))
        assert gone.status_code == 204
        rest = (await client.get(f"{URL}/changes", params={"after": start["next"]})).json()
        assert [(c["op"], c["version"]) for c in rest["items"]] == [("delete", 2)]
        assert (await client.get(f"{URL}/{made['id']}")).status_code == 404


async def test_a_move_needs_its_fields_and_its_role(toys: House) -> None:
    async with toys.client(STATION) as client:
        made = await a_toy(client, price=None)
        url = f"{URL}/{made['id']}/moves/sell"
        refused = await client.post(url, headers=if_match(made))
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "/price"
    async with toys.client(COMMITTEE) as client:
        refused = await client.post(url, headers=if_match(made))
        assert refused.status_code == 403
        assert "工作站" in refused.json()["detail"]
        seen = (await client.get(f"{URL}/{made['id']}")).json()
        assert (seen["moves"], "sell" in seen["refused"]) == ([], True)


async def test_files_are_kept_with_the_record_and_only_for_those_who_see_it(toys: House) -> None:
    async with toys.client(STATION) as client:
        made = await a_toy(client)
        url = f"{URL}/{made['id']}/attachments"
        good = await client.post(url, files={"file": ("说明.txt", "内容".encode())})
        assert good.status_code == 201, good.text
        bad = await client.post(url, files={"file": ("x.exe", b"MZ")})
        assert bad.status_code == 422
        lying = await client.post(url, files={"file": ("x.pdf", b"not a pdf")})
        assert lying.status_code == 422
        listed = (await client.get(url)).json()["items"]
        assert [item["name"] for item in listed] == ["说明.txt"]
        got = await client.get(f"{url}/{listed[0]['id']}")
        assert got.content.decode() == "内容"
        assert got.headers["content-disposition"].startswith("attachment")
    async with toys.client(OTHER_PARK) as client:
        assert (await client.get(f"{url}/{listed[0]['id']}")).status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"name": "零\0字符", "code": "NUL"},
        {"name": "半个\ud800字", "code": "HALF"},
        {"name": "大数", "code": "BIG", "price": "1" + "0" * 40},
        {"name": "大数", "code": "NAN", "price": "NaN"},
    ],
)
async def test_what_cannot_be_stored_is_refused_not_a_crash(
    toys: House, given: dict[str, str]
) -> None:
    async with toys.client(STATION, **{"Content-Type": "application/json"}) as client:
        answer = await client.post(URL, content=json.dumps(given))
        assert answer.status_code == 422, answer.text
        pointers = [error["pointer"] for error in answer.json()["errors"]]
        assert pointers == [{"BIG": "", "NAN": "/price"}.get(given["code"], "/name")]
        assert ")," not in answer.text.replace("），", "")
        assert "surrogate" not in answer.text
        assert "unicode" not in answer.json()["errors"][0]["detail"]
        listed = await client.get(URL, params={"q": "\0", "code": "\0"})
        assert listed.status_code < 500


async def test_a_body_that_cannot_be_decoded_is_told_as_such(toys: House) -> None:
    async with toys.client(STATION, **{"Content-Type": "application/json"}) as client:
        answer = await client.post(URL, content=b'{"name": "\xff\xfe"}')
    assert answer.status_code == 400, answer.text
    assert "UTF-8" in answer.json()["detail"]


async def test_fields_that_do_not_exist_are_refused_as_filters_are(toys: House) -> None:
    async with toys.client(STATION) as client:
        await a_toy(client)
        answer = await client.get(URL, params={"fields": "id,zzz"})
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/fields", "extra_forbidden")
        assert "zzz" in error["detail"]
        good = await client.get(URL, params={"fields": "id,name,state"})
        assert set(good.json()["items"][0]) >= {"id", "name", "state"}
        assert "price" not in good.json()["items"][0]


async def test_a_register_takes_and_gives_spreadsheets_without_a_line_of_its_own(
    toys: House,
) -> None:
    sheet = (
        "玩具登记表\n名称,编码,种类,价格（元）,制造日期\n"
        "木马,A001,木制,12.5,2026年1月5日\n铁皮船,A002,纸,x,2026-02-30\n"
    )
    async with toys.client(STATION) as client:
        sent = {"file": ("玩具.csv", sheet.encode("gb18030"))}
        told = (await client.post(f"{URL}/imports", files=sent)).json()
        assert (told["header_row"], told["counts"]["create"], told["counts"]["bad"]) == (2, 1, 1)
        assert {(e["row"], e["column"], e["field"]) for e in told["errors"]} == {
            (4, "C", "kind"),
            (4, "D", "price"),
            (4, "E", "made_on"),
        }
        await client.post(f"{URL}/imports/{told['id']}/moves/commit")
        listed = (await client.get(URL)).json()["items"]
        assert [(t["name"], t["kind"], t["made_on"]) for t in listed] == [
            ("木马", "wooden", "2026-01-05")
        ]
        for form in ("xlsx", "csv"):
            file = await client.get(f"{URL}/export.{form}")
            sent = {"file": (f"again.{form}", file.content)}
            again = (await client.post(f"{URL}/imports", files=sent)).json()
            assert again["counts"]["unchanged"] == 1, again["errors"]
    async with toys.client(CENTRE) as client:
        assert (await client.get(f"{URL}/export.xlsx")).status_code == 403
