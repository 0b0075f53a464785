"""The blind text: whatever leads back to the enterprise is named and refused."""

import pytest

from app.ledgers.needs.blinding import Clue, clues_of, findings, pieces, revealing
from tests.acts import released
from tests.house import House
from tests.ledgers.builders import (
    COMMITTEE,
    PEERS,
    STATION,
    Record,
    a_need,
    a_user_of,
    an_enterprise,
    call,
    codes,
    move,
    try_move,
)


def clues() -> list[Clue]:
    return clues_of(
        names=["样例市蓝鲸光电科技有限公司", "样例旧名仪器厂", "蓝鲸", "Blue Whale Photonics"],
        uscc="91990101MAK367UP3L",
        persons=["欧阳明珠", "吴"],
        address="样例市创新大道 88 号",
        website="https://www.lanjing.example/",
        phones=["0990-1234567", "138****1234"],
        certificate="GR202499347041",
        products="LJ-200 型驱动器、“鲸目”系列相机",
        numbers=["ZL202310765432.1", "2023SR0012345"],
    )


@pytest.mark.parametrize(
    "text",
    [
        "样例市蓝鲸光电科技有限公司寻求合作",
        "樣例市藍鯨光電科技有限公司",
        "样例市 蓝鲸 光电科技",
        "原样例旧名仪器的设备",
        "代码 91990101mak367up3l",
        "请找欧阳明珠",
        "地址在样例市创新大道88号",
        "见 lanjing.example",
        "电话 09901234567",
        "电话(0990)1234567",
        "手机 138 0000 1234",
        "手机138-0000-1234",
        "致电+86 13800001234",
        "邮件 someone@example.com",
        "专利 ZL202410123456.7",
        "证书 GR202499347041",
        "任何企业 91110000600037341L",
        "蓝鲸的设备",
        "BlueWhale photonics 的设备",
        "我们是 Lan Jing Guang Dian Ke Ji",
        "见 lanjing 的网站",
        "见 other-firm.com 上的说明",
        "电话一三八零零零零一二三四",
        "邮件 someone (at) example . com",
        "已获专利202310765432.1授权",
        "已登记2023SR0012345",
        "微信号:whale_2020",
        "厂址在人民东路128号",
    ],
)
def test_a_text_that_leads_back_is_refused(text: str) -> None:
    error = revealing("/blind_text", text, clues())
    assert error is not None
    assert error.code == "reveals_owner"


@pytest.mark.parametrize(
    "text",
    [
        "寻求低噪声激光驱动器,噪声低于 1 微伏,投入 300 万元。",
        "需在 2026-12-31 前完成,年产 1000000 件。",
        "满足 GB/T 22900-2022,温度 -40 至 85 度。",
        "光电领域一家中型企业求购检测设备。",
    ],
)
def test_a_text_about_the_problem_passes(text: str) -> None:
    assert revealing("/blind_text", text, clues()) is None


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("由 LJ-200 改进", "lj-200"),
        ("为鲸目系列配套", "鲸目"),
        ("曾与太湖绿色农业有限公司合作", "曾与太湖绿色农业有限公司"),
        ("联系人:王小明", "联系人:王小明"),
        ("简称 ljgdkj", "ljgdkj"),
    ],
)
def test_what_only_may_lead_back_passes_once_checked(text: str, piece: str) -> None:
    (error,) = findings("/blind_text", text, clues())
    assert (error.code, error.params["piece"]) == ("may_reveal_owner", piece)
    assert findings("/blind_text", text, clues(), checked=True) == []


def test_every_piece_is_told_once_the_longest_first() -> None:
    text = "样例市蓝鲸光电科技有限公司,欧阳明珠,电话 138-0000-1234,型号 LJ-200"
    told = findings("/blind_text", text, clues())
    assert [error.params["piece"] for error in told] == [
        "样例市蓝鲸光电科技有限公司",
        "13800001234",
        "欧阳明珠",
        "lj-200",
    ]


BLIND = {"blind_title": "低噪声驱动器", "blind_text": "寻求降低驱动器噪声的办法。"}


async def accepted(house: House, **fields: str) -> tuple[Record, str, Record]:
    enterprise = await an_enterprise(
        house,
        name="蓝鲸光电科技有限公司",
        former_names=["白鲸仪器有限公司"],
        contact_phone="13800001234",
    )
    user = await a_user_of(house, enterprise)
    need = await a_need(house, user, **fields)
    await move(house, user, "needs", need, "submit")
    return enterprise, user, await move(house, STATION, "needs", need, "accept")


async def public(house: House) -> list[Record]:
    answer = await call(house, None, "GET", "/public/needs")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_the_refusal_names_the_piece_and_the_field(house: House) -> None:
    _, _, need = await accepted(house)
    form = {"blind_title": "白鲸仪器的需求", "blind_text": "请致电 138 0000 1234"}
    answer = await try_move(house, STATION, "needs", need, "publish", form)
    assert codes(answer) == {"/blind_title": "reveals_owner", "/blind_text": "reveals_owner"}
    assert "白鲸仪器" in answer.text


async def test_doubtful_words_are_published_once_somebody_has_checked_them(house: House) -> None:
    _, _, need = await accepted(house)
    form = BLIND | {"blind_text": "为国产 KX-77 配套的驱动器,联系人:王小明"}
    refused = await try_move(house, STATION, "needs", need, "publish", form)
    assert codes(refused) == {"/blind_text": "may_reveal_owner"}
    done = await move(house, STATION, "needs", need, "publish", form | {"checked": True})
    assert done["state"] == "published"


async def test_patents_known_to_the_library_give_the_enterprise_away(house: House) -> None:
    enterprise, _, need = await accepted(house)
    right = {"kind": "invention", "number": "ZL202310765432.1"}
    given = {"title": "一种驱动器", "owner_name": "某企业", "enterprise_id": enterprise["id"]}
    given |= {"ip_refs": [right], "summary": "一种驱动器", "hightech_field": "01", "trl": 5}
    given |= {"transfer_modes": ["licence"]}
    made = await call(house, STATION, "POST", "/achievements", given)
    assert made.status_code == 201, made.text
    form = BLIND | {"blind_text": "在 202310765432.1 基础上改进"}
    answer = await try_move(house, STATION, "needs", need, "publish", form)
    assert codes(answer) == {"/blind_text": "reveals_owner"}


async def test_the_public_reads_the_blind_text_and_nothing_of_the_owner(house: House) -> None:
    enterprise, _, need = await accepted(house, hightech_field="01")
    done = await move(house, STATION, "needs", need, "publish", BLIND)
    assert done["state"] == "published"
    (seen,) = await public(house)
    assert (seen["title"], seen["text"]) == (BLIND["blind_title"], BLIND["blind_text"])
    for secret in (enterprise["id"], enterprise["name"], enterprise["uscc"], need["title"]):
        assert secret not in str(seen)
    for who in PEERS:
        assert (await call(house, who, "GET", f"/needs/{need['id']}")).status_code == 404


async def test_a_need_taken_back_is_no_longer_public(house: House) -> None:
    _, user, need = await accepted(house)
    await move(house, STATION, "needs", need, "publish", BLIND)
    await move(house, user, "needs", need, "withdraw")
    assert await public(house) == []


async def test_a_need_closed_is_no_longer_public(house: House) -> None:
    _, _, need = await accepted(house)
    await move(house, STATION, "needs", need, "publish", BLIND)
    await move(house, STATION, "needs", need, "close", {"reason": "无人应答"})
    assert await public(house) == []


async def test_the_committee_releases_a_confidential_need(house: House) -> None:
    _, _, need = await accepted(house, confidentiality="confidential")
    refused = await try_move(house, STATION, "needs", need, "publish", BLIND)
    assert refused.status_code == 403
    alone = await try_move(house, COMMITTEE, "needs", need, "publish", BLIND)
    assert alone.status_code == 409  # nobody asked for it: it takes two
    assert (await released(house, STATION, COMMITTEE, need, BLIND))["state"] == "published"


def test_a_trade_name_hides_in_the_pieces_of_a_name() -> None:
    assert "德特储能" in pieces("样例云启德特储能有限公司")
    assert pieces("三字号有限公司") == []


@pytest.mark.parametrize("text", ["云帆的点胶阀", "雲帆公司", "云 帆", "YunFan 的设备"])
@pytest.mark.parametrize("city", ["深圳市", "深圳", ""])
def test_a_trade_name_nobody_declared_is_doubted(city: str, text: str) -> None:
    known = clues_of(
        names=[f"{city}云帆精密仪器有限公司"],
        uscc="",
        persons=[],
        address=None,
        website=None,
        phones=[],
        certificate=None,
    )
    assert [one.code for one in findings("/blind_text", text, known)] == ["may_reveal_owner"]
    assert findings("/blind_text", text, known, checked=True) == []
