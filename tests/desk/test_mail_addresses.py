"""The address an administrator enters counts only once its owner has proved it."""

import re

from app.core import jobs
from tests.house import House
from tests.libraries.people import API
from tests.matching.invitations.letterbox import letterbox
from tests.registers.together.scene import as_owner

ADMIN, CENTRE = "system_admin@province", "centre_staff@east"
ADDRESS = "zhong@example.cn"


async def test_an_administrator_enters_an_address_its_owner_proves_it(house: House) -> None:
    async with letterbox() as box, house.client(ADMIN) as admin, house.client(CENTRE) as centre:
        account = (await centre.get(f"{API}/me")).json()["id"]
        entered = await admin.put(f"{API}/accounts/{account}/mail", json={"address": ADDRESS})
        assert entered.json()["verified"] is False, entered.text
        found = (await admin.get(f"{API}/accounts", params={"q": "centre_staff@east"})).json()
        mine = next(one for one in found["items"] if one["id"] == account)
        assert (mine["email"], mine["email_verified"]) == (ADDRESS, False)
        await jobs.drain()
        (letter,) = box.letters
        code = re.search(r"\d{6}", str(letter["Subject"]))
        assert code
        proved = await centre.post(f"{API}/me/mail/verify", json={"code": code[0]})
        assert proved.json()["verified"] is True
    told = as_owner("SELECT detail::text FROM audit_entry WHERE verb LIKE 'account.mail%'")
    assert len(told) == 2
    assert ADDRESS not in str(told)


async def test_without_a_mail_server_the_page_says_so(house: House) -> None:
    async with house.client(CENTRE) as centre:
        told = (await centre.put(f"{API}/me/mail/address", json={"address": ADDRESS})).json()
        assert (told["address"], told["configured"]) == (ADDRESS, False)
        await jobs.drain()


async def test_nobody_enters_an_own_or_anothers_address_but_the_administrator(house: House) -> None:
    async with house.client(ADMIN) as admin, house.client("security_admin@province") as other:
        mine = (await admin.get(f"{API}/me")).json()["id"]
        url = f"{API}/accounts/{mine}/mail"
        assert (await admin.put(url, json={"address": ADDRESS})).status_code == 403
        assert (await other.put(url, json={"address": ADDRESS})).status_code == 403
