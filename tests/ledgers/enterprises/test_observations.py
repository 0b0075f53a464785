"""Figures of an enterprise: checked, kept with their source, shown in the ledger, known as of."""

from datetime import timedelta
from typing import Any

import httpx

from app.core.clock import now
from tests.house import House
from tests.ledgers.builders import (
    CENTRE,
    PEERS,
    STATION,
    Record,
    a_user_of,
    an_enterprise,
    call,
    codes,
    read,
)


async def observe(
    house: House, who: str, enterprise: Record, indicator: str, value: Any, **more: Any
) -> httpx.Response:
    given = {"period": "2025", "indicator": indicator, "value": value} | more
    return await call(house, who, "POST", f"/enterprises/{enterprise['id']}/observations", given)


async def known(house: House, who: str, enterprise: Record, query: str = "") -> list[Record]:
    answer = await call(house, who, "GET", f"/enterprises/{enterprise['id']}/observations{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_the_ledger_shows_the_latest_year_and_the_size_that_follows(house: House) -> None:
    made = await an_enterprise(house, industry_code="3562")
    await observe(house, STATION, made, "employees", "1200", unit="person")
    answer = await observe(house, STATION, made, "sales", "30000", unit="wan_yuan")
    assert answer.status_code == 201, answer.text
    told = await read(house, STATION, "enterprises", made)
    assert (told["figures_year"], told["employees"], told["sales"]) == (2025, 1200, "30000.0000")
    assert told["size_class"] == "medium"
    assert told["labels"]["size_class"] == "中型"
    await observe(house, STATION, made, "employees", "19", period="2026")
    told = await read(house, STATION, "enterprises", made)
    assert (told["figures_year"], told["employees"], told["sales"]) == (2026, 19, None)
    assert told["size_class"] == "micro"


async def test_each_figure_is_a_version_with_its_author(house: House) -> None:
    made = await an_enterprise(house)
    await observe(house, STATION, made, "employees", "80")
    path = f"/enterprises/{made['id']}/history"
    newest = (await call(house, STATION, "GET", path)).json()["items"][0]
    assert newest["verb"] == "observe"
    assert {change["field"] for change in newest["changes"]} >= {"employees", "figures_year"}


async def test_a_source_corrects_itself_and_the_earlier_word_is_kept(house: House) -> None:
    made = await an_enterprise(house)
    first = (await observe(house, STATION, made, "employees", "80")).json()
    second = (await observe(house, STATION, made, "employees", "86")).json()
    assert [o["id"] for o in await known(house, STATION, made)] == [second["id"]]
    everything = await known(house, STATION, made, "?superseded=true")
    assert {o["id"] for o in everything} == {first["id"], second["id"]}


async def test_saying_the_same_again_changes_nothing(house: House) -> None:
    made = await an_enterprise(house)
    first = (await observe(house, STATION, made, "employees", "80")).json()
    version = (await read(house, STATION, "enterprises", made))["version"]
    again = (await observe(house, STATION, made, "employees", "80.0")).json()
    assert again["id"] == first["id"]
    assert (await read(house, STATION, "enterprises", made))["version"] == version


async def test_sources_that_disagree_both_stay_and_say_so(house: House) -> None:
    made = await an_enterprise(house)
    await observe(house, STATION, made, "sales", "500", source_kind="enterprise_report")
    await observe(house, STATION, made, "sales", "470", source_kind="tax_return")
    live = await known(house, STATION, made)
    assert {(o["source_kind"], o["conflict"], o["shown"]) for o in live} == {
        ("enterprise_report", True, False),
        ("tax_return", True, True),
    }
    assert (await read(house, STATION, "enterprises", made))["sales"] == "470.0000"


async def test_what_was_known_then_is_answered_as_of_then(house: House) -> None:
    made = await an_enterprise(house)
    await observe(house, STATION, made, "employees", "80")
    yesterday = (now() - timedelta(days=1)).date().isoformat()
    assert await known(house, STATION, made, f"?as_of={yesterday}") == []
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    assert len(await known(house, STATION, made, f"?as_of={tomorrow}")) == 1


async def test_impossible_figures_are_refused_by_field(house: House) -> None:
    made = await an_enterprise(house)
    await observe(house, STATION, made, "employees", "20")
    for indicator, value, more, expected in (
        ("employees", "-1", {}, {"/value": "greater_than_equal"}),
        ("employees", "2.5", {}, {"/value": "not_whole"}),
        ("employees", "NaN", {}, {"/value": "finite_number"}),
        ("sales", "1.00001", {}, {"/value": "decimal_max_places"}),
        ("sales", "1", {"period": "25"}, {"/period": "bad_period"}),
        ("sales", "1", {"period": "2999"}, {"/period": "bad_period"}),
        ("sales", "1", {"unit": "yuan"}, {"/unit": "bad_unit"}),
        ("luck", "1", {}, {"/indicator": "unknown"}),
        ("tech_staff", "21", {}, {"/value": "more_than_whole"}),
    ):
        answer = await observe(house, STATION, made, indicator, value, **more)
        assert answer.status_code == 422, (indicator, value)
        assert codes(answer) == expected


async def test_profit_may_be_a_loss(house: House) -> None:
    made = await an_enterprise(house)
    assert (await observe(house, STATION, made, "profit", "-12.5")).status_code == 201


async def test_an_enterprise_reports_itself_and_only_as_itself(house: House) -> None:
    made = await an_enterprise(house)
    own = await a_user_of(house, made)
    assert (await observe(house, own, made, "employees", "80")).status_code == 201
    as_tax_office = await observe(house, own, made, "sales", "80", source_kind="tax_return")
    assert as_tax_office.status_code == 403


async def test_the_centre_reads_figures_and_does_not_write_them(house: House) -> None:
    made = await an_enterprise(house)
    assert await known(house, CENTRE, made) == []
    assert (await observe(house, CENTRE, made, "employees", "80")).status_code == 403


async def test_peers_cannot_tell_whether_there_are_figures(house: House) -> None:
    made = await an_enterprise(house)
    for who in PEERS:
        assert (await observe(house, who, made, "employees", "80")).status_code == 404
        path = f"/enterprises/{made['id']}/observations"
        assert (await call(house, who, "GET", path)).status_code == 404
