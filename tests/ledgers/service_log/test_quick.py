"""One line becomes an entry: what is understood, what is asked back, and who may."""

from datetime import UTC, date, datetime

import pytest

from app.core import clock
from app.ledgers.service_log.quick import read, title_of
from tests.house import House
from tests.ledgers.builders import CENTRE, STATION, a_user_of, an_enterprise, call

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("line", "day", "channel", "kind", "rest"),
    [
        (
            "今天 上门 苏州蓝鲸公司 讲解高企政策",
            "2026-11-27",
            "door_to_door",
            "policy_promotion",
            ["苏州蓝鲸公司", "讲解高企政策"],
        ),
        (
            "今天上门苏州蓝鲸公司讲解高企政策",
            "2026-11-27",
            "door_to_door",
            "policy_promotion",
            ["苏州蓝鲸公司讲解高企政策"],
        ),
        ("昨天，电话，蓝鲸，融资", "2026-11-26", "phone", "financing", ["蓝鲸", "融资"]),
        ("前天走访蓝鲸", "2026-11-25", "door_to_door", "visit", ["蓝鲸"]),
        ("周三 线上培训 蓝鲸", "2026-11-25", "online", "training", ["培训", "蓝鲸"]),
        ("上周五 来站 专利咨询", "2026-11-20", "at_station", "patent", ["专利咨询"]),
        ("周日 走访", "2026-11-22", "door_to_door", "visit", []),
        ("本周一 蓝鲸", "2026-11-23", "door_to_door", "other", ["蓝鲸"]),
        ("11月3日 蓝鲸 论证会", "2026-11-03", "door_to_door", "argumentation", ["蓝鲸", "论证会"]),
        ("12/30 蓝鲸", "2025-12-30", "door_to_door", "other", ["蓝鲸"]),
        ("28号 蓝鲸", "2026-10-28", "door_to_door", "other", ["蓝鲸"]),
        ("2026-11-02 蓝鲸", "2026-11-02", "door_to_door", "other", ["蓝鲸"]),
        ("20261102 蓝鲸", "2026-11-02", "door_to_door", "other", ["蓝鲸"]),
        ("今天 上門 藍鯨 講解政策", "2026-11-27", "door_to_door", "policy_promotion",
         ["藍鯨", "講解政策"]),
        ("yesterday visit ljgd", "2026-11-26", "door_to_door", "visit", ["ljgd"]),
        ("2月30日 蓝鲸", "2026-11-27", "door_to_door", "other", ["2月30日", "蓝鲸"]),
        ("   ", "2026-11-27", "door_to_door", "other", []),
    ],
)  # fmt: skip
def test_a_line_is_understood(
    line: str, day: str, channel: str, kind: str, rest: list[str]
) -> None:
    found = read(line, FRIDAY)
    assert (found.served_on.isoformat(), found.channel, found.kind) == (day, channel, kind)
    assert found.rest == rest


def test_a_day_is_said_once_and_a_channel_inside_a_sentence_stays_there() -> None:
    found = read("今天 与企业谈到昨天电话里的事", FRIDAY)
    assert found.served_on == FRIDAY
    assert found.said_channel is None
    assert title_of(found, None) == "与企业谈到昨天电话里的事"


async def understood(house: House, who: str, text: str) -> dict:  # type: ignore[type-arg]
    answer = await call(house, who, "POST", "/service-log/quick", json={"text": text})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_the_enterprise_is_found_by_its_name_a_part_of_it_or_initials(house: House) -> None:
    clock.say(datetime(2026, 11, 27, 2, tzinfo=UTC))
    one = await an_enterprise(house, name="样例蓝鲸光电科技有限公司")
    await an_enterprise(house, name="样例蓝鲸仪器有限公司")
    await an_enterprise(house, park="west-park", name="样例蓝鲸光电远方有限公司")
    for line in (
        "今天 上门 蓝鲸光电 讲解高企政策",
        "今天上门样例蓝鲸光电科技有限公司讲解高企政策",
        "今天 上门 藍鯨光電科技 讲解高企政策",
        "今天 上门 ljgd 讲解高企政策",
    ):
        told = await understood(house, STATION, line)
        assert told["draft"]["enterprise_ids"] == [one["id"]], line
        assert told["draft"]["title"] == "讲解高企政策", line
        assert [p["sure"] for p in told["pieces"]] == [True] * 5, line
    many = await understood(house, STATION, "蓝鲸 讲解政策")
    assert len(many["enterprises"]) == 2
    assert next(p for p in many["pieces"] if p["field"] == "enterprise_ids")["sure"] is False
    none = await understood(house, STATION, "今天 无名公司 讲解政策")
    assert none["draft"]["enterprise_ids"] == []
    assert none["draft"]["title"] == "无名公司 讲解政策"


@pytest.mark.parametrize(
    "word", ["样例蓝鲸光复合材料有限公司", "蓝鲸光电二厂", "蓝鲸光电和白鹭仪器"]
)
async def test_the_beginning_of_another_name_is_asked_back(house: House, word: str) -> None:
    one = await an_enterprise(house, name="样例蓝鲸光电科技有限公司")
    told = await understood(house, STATION, f"今天 上门 {word} 讲政策")
    piece = next(p for p in told["pieces"] if p["field"] == "enterprise_ids")
    assert piece["sure"] is False
    assert [each["id"] for each in told["enterprises"]] == [one["id"]]
    assert word in told["draft"]["title"]


async def test_what_was_understood_is_an_entry_that_can_be_written(house: House) -> None:
    await an_enterprise(house, name="样例蓝鲸光电科技有限公司")
    told = await understood(house, STATION, "昨天 上门 蓝鲸光电")
    made = await call(house, STATION, "POST", "/service-log", json=told["draft"])
    assert made.status_code == 201, made.text
    assert made.json()["kind"] == "visit"


async def test_a_line_never_names_what_its_author_may_not_see(house: House) -> None:
    await an_enterprise(house, park="west-park", name="样例远山光电科技有限公司")
    told = await understood(house, CENTRE, "今天 上门 远山光电 讲解政策")
    assert told["enterprises"] == []
    assert "样例" not in str(told)


async def test_only_authors_are_understood(house: House) -> None:
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    refused = await call(house, user, "POST", "/service-log/quick", json={"text": "今天"})
    assert refused.status_code == 403
    assert "工作站工作人员" in refused.json()["detail"]
