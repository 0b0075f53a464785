"""Qualifications through HTTP: beside their enterprise, in order, once each."""

from tests.house import House
from tests.ledgers.builders import (
    CENTRE,
    COMMITTEE,
    PEERS,
    PROVINCE,
    STATION,
    Record,
    a_user_of,
    an_enterprise,
    call,
    codes,
    read,
)


def certificate(enterprise: Record, **fields: str) -> Record:
    return {
        "enterprise_id": enterprise["id"],
        "kind": "high_tech_enterprise",
        "certificate_no": "GR202499347041",
        "valid_from": "2024-11-01",
        "valid_to": "2027-10-31",
        "rule_version": "国科发火〔2016〕32号",
    } | fields


async def a_qualification(house: House, enterprise: Record) -> Record:
    answer = await call(house, STATION, "POST", "/qualifications", certificate(enterprise))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_it_belongs_to_its_enterprise_and_is_seen_with_it(house: House) -> None:
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    made = await a_qualification(house, enterprise)
    assert made["title"] == "高新技术企业 GR202499347041"
    for who in (STATION, COMMITTEE, CENTRE, user):
        told = await read(house, who, "qualifications", made)
        assert told["labels"]["enterprise_id"] == enterprise["name"], who
    stranger = await a_user_of(house, await an_enterprise(house))
    for who in (*PEERS, PROVINCE, stranger):
        answer = await call(house, who, "GET", f"/qualifications/{made['id']}")
        assert answer.status_code == 404, who


async def test_it_ends_after_it_begins(house: House) -> None:
    given = certificate(await an_enterprise(house), valid_to="2023-01-01")
    answer = await call(house, STATION, "POST", "/qualifications", given)
    assert codes(answer) == {"/valid_to": "before_start"}


async def test_a_certificate_is_registered_once(house: House) -> None:
    enterprise = await an_enterprise(house)
    await a_qualification(house, enterprise)
    answer = await call(house, STATION, "POST", "/qualifications", certificate(enterprise))
    assert answer.status_code == 409
    assert codes(answer) == {"/certificate_no": "taken"}


async def test_an_enterprise_does_not_recognise_itself(house: House) -> None:
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    answer = await call(house, user, "POST", "/qualifications", certificate(enterprise))
    assert answer.status_code == 403


async def test_those_about_to_run_out_are_one_query(house: House) -> None:
    enterprise = await an_enterprise(house)
    made = await a_qualification(house, enterprise)
    later = certificate(enterprise, certificate_no="GR2", valid_to="2029-10-31")
    await call(house, STATION, "POST", "/qualifications", later)
    listed = await call(house, STATION, "GET", "/qualifications?valid_to__lte=2027-12-31")
    assert [item["id"] for item in listed.json()["items"]] == [made["id"]]
