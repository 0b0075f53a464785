"""Personal values: by right, for a reason, with a fresh factor, so many a day, on the trail."""

import pytest
from sqlalchemy import update

from app.access.tables import Session
from app.core import db
from app.core.settings import get_settings
from tests.acts import plain
from tests.desk.people import trail
from tests.house import House
from tests.ledgers.builders import CENTRE, COMMITTEE, STATION, Record, an_enterprise, call

PHONE = "13800001234"
REASON = {"reason": "核对联系方式"}


@pytest.fixture
async def firm(house: House) -> Record:
    return await an_enterprise(house, contact_phone=PHONE)


async def test_a_mask_is_shown_until_somebody_gives_a_reason(house: House, firm: Record) -> None:
    assert firm["contact_phone"] == "138****1234"
    assert await plain(house, STATION, "enterprises", firm) == {"contact_phone": PHONE}
    (entry,) = [e for e in await trail() if e["verb"] == "reveal"]
    assert str(entry["record_id"]) == firm["id"]
    assert entry["detail"]["reason"] == REASON["reason"]
    assert PHONE not in str(entry)


async def test_a_reason_is_given(house: House, firm: Record) -> None:
    path = f"/enterprises/{firm['id']}/reveal"
    for given in (None, {}, {"reason": " "}):
        assert (await call(house, STATION, "POST", path, given)).status_code == 422


@pytest.mark.parametrize("who", [COMMITTEE, CENTRE])
async def test_whoever_reads_masks_may_not_ask(house: House, firm: Record, who: str) -> None:
    answer = await call(house, who, "POST", f"/enterprises/{firm['id']}/reveal", REASON)
    assert answer.status_code == 403
    assert "工作站工作人员" in answer.json()["detail"]


async def test_a_record_out_of_sight_is_not_there(house: House, firm: Record) -> None:
    far = "station_staff@lake-park-station"
    answer = await call(house, far, "POST", f"/enterprises/{firm['id']}/reveal", REASON)
    assert answer.status_code == 404


async def test_without_a_fresh_factor_nothing_is_shown(house: House, firm: Record) -> None:
    async with db.transaction("staff") as session:
        await session.execute(update(Session).values(factor_at=None))
    answer = await call(house, STATION, "POST", f"/enterprises/{firm['id']}/reveal", REASON)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:park:step-up")
    assert PHONE not in answer.text


async def test_so_many_a_day_and_no_more(
    house: House, firm: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARK_REVEALS_A_DAY", "2")
    get_settings.cache_clear()
    try:
        path = f"/enterprises/{firm['id']}/reveal"
        left = [(await call(house, STATION, "POST", path, REASON)).json() for _ in range(2)]
        assert [one["left_today"] for one in left] == [1, 0]
        refused = await call(house, STATION, "POST", path, REASON)
        assert (refused.status_code, PHONE in refused.text) == (429, False)
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
