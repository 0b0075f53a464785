"""The letter an invitation travels in: handed to a real server, in the expert's own language."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import jobs, mail
from app.core.clock import today
from app.core.database_roles import owner_url
from app.core.mail import Server
from app.matching.invitations.letters import WAITS
from tests.house import House
from tests.libraries.people import (
    API,
    CENTRE,
    STATION,
    active_expert,
    enterprise,
    made,
    moved,
    speaks_for,
    tried,
)
from tests.matching.invitations.letterbox import Letterbox, letterbox, text_of, token_in
from tests.matching.panels.scene import panel, scene
from tests.matching.test_matches import accepted_need

pytestmark = pytest.mark.slow

PUBLIC = f"{API}/public/invitations"
ADDRESS = "qilun@example.cn"


@pytest.fixture
async def box(database: str) -> AsyncIterator[Letterbox]:
    async with letterbox() as found:
        yield found


async def invited(house: House, **expert: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Invite an expert to help with a need; return the match and the expert."""
    person = await active_expert(house, **expert)
    need = await accepted_need(house, await enterprise(house))
    async with house.client(STATION) as station:
        match = await made(station, "matches", need_id=need["id"], candidate_id=person["id"])
        for move in ("choose", "invite"):
            await moved(station, "matches", match, move)
    await jobs.drain()
    return match, person


async def watched(house: House, match: dict[str, Any]) -> dict[str, Any]:
    async with house.client(STATION) as station:
        told = await station.get(f"{API}/matches/{match['id']}/invitation")
        return told.json()["link"]  # type: ignore[no-any-return]


def sealed_tokens() -> int:
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.connect() as owner:
        count = sa.text("SELECT count(*) FROM invitation_link WHERE sealed_token IS NOT NULL")
        return int(owner.scalar(count) or 0)


async def test_inviting_an_expert_mails_a_link_that_works(box: Letterbox, house: House) -> None:
    match, _ = await invited(house, email=ADDRESS)
    (letter,) = box.letters
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == "邀请：技术对接"
    text = text_of(letter)
    assert text.startswith("齐轮：")
    assert "行星减速器齿轮磨损" in text
    link = await watched(house, match)
    assert (link["mail"], link["mail_to"], link["mail_error"]) == ("sent", "q***@example.cn", None)
    assert sealed_tokens() == 0
    async with house.client(None) as anybody:
        accepted = await anybody.post(f"{PUBLIC}/{token_in(text)}/accept")
        assert accepted.json()["state"] == "accepted"


@pytest.mark.parametrize(
    ("locale", "subject", "greeting"),
    [
        ("en", "Invitation: Technical help", "Dear 齐轮,"),
        ("zh-TW", "邀請：技術對接", "邀請您參與"),
    ],
)
async def test_the_letter_is_in_the_language_of_the_experts_account(
    box: Letterbox, house: House, locale: str, subject: str, greeting: str
) -> None:
    person = await active_expert(house, email=ADDRESS)
    account = await speaks_for(house, "experts", person, "east")
    need = await accepted_need(house, await enterprise(house))
    async with house.client(account) as own, house.client(STATION) as station:
        await own.put(f"{API}/me/preferences", json={"locale": locale})
        match = await made(station, "matches", need_id=need["id"], candidate_id=person["id"])
        for move in ("choose", "invite"):
            await moved(station, "matches", match, move)
    await jobs.drain()
    (letter,) = box.letters
    assert letter["Subject"] == subject
    assert greeting in text_of(letter)


async def test_a_panel_writes_to_all_its_members_with_the_days_that_matter(
    box: Letterbox, house: House
) -> None:
    there = await scene(house, 4)
    meeting = (today() + timedelta(days=20)).isoformat()
    await panel(there, meeting_on=meeting, place="创新大厦三楼")
    async with house.client(CENTRE) as centre:
        for place, expert in enumerate(there.experts):
            now = (await centre.get(f"{API}/experts/{expert['id']}")).json()
            answer = await centre.patch(
                f"{API}/experts/{expert['id']}",
                json={"email": f"e{place}@example.cn"},
                headers={"If-Match": f'"{now["version"]}"'},
            )
            assert answer.status_code == 200, answer.text
    await there.centre("invite")
    await jobs.drain()
    assert {letter["To"] for letter in box.letters} == {f"e{n}@example.cn" for n in range(3)}
    for letter in box.letters:
        assert meeting in text_of(letter)
        assert "创新大厦三楼" in text_of(letter)
    links = [item["link"]["mail"] for item in (await there.seats())["items"] if item["link"]]
    assert links == ["sent"] * 3
    for place in range(3):
        await there.answer(place, "accept")
    await jobs.drain()
    await there.centre("begin")
    await jobs.drain()
    assert [letter["Subject"] for letter in box.letters[3:]] == ["请评审：行星减速器项目论证"] * 3
    former, newer = token_in(text_of(box.letters[0])), token_in(text_of(box.letters[-1]))
    async with house.client(None) as anybody:
        for token in (former, newer):
            told = await anybody.get(f"{PUBLIC}/{token}")
            assert "评审已经开始" in told.json()["expected"]


async def test_without_an_address_nothing_is_sent_and_the_clerk_copies_the_link(
    box: Letterbox, house: House
) -> None:
    match, _ = await invited(house)
    assert box.letters == []
    assert await watched(house, match) is None
    async with house.client(STATION) as station:
        given = (await station.post(f"{API}/matches/{match['id']}/invitation")).json()
    assert (given["mail"], given["mail_to"]) == ("no_address", None)
    assert "/invite/" in given["invitation_url"]


async def test_a_refused_recipient_is_noted_and_inviting_goes_on(
    box: Letterbox, house: House
) -> None:
    box.refusing = "550 no such mailbox"
    match, _ = await invited(house, email=ADDRESS)
    link = await watched(house, match)
    assert link["mail"] == "failed"
    assert "550" in link["mail_error"]
    assert "qilun" not in link["mail_error"]
    assert sealed_tokens() == 0


async def test_a_server_that_is_away_is_tried_again_and_at_last_given_up(
    box: Letterbox, house: House
) -> None:
    box.refusing = "450 try later"
    match, _ = await invited(house, email=ADDRESS)
    link = await watched(house, match)
    assert (link["mail"], "450" in link["mail_error"]) == ("waiting", True)
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    for _ in WAITS:
        with engine.begin() as owner:
            owner.execute(sa.text("SET LOCAL search_path = jobs"))
            owner.execute(sa.text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
        await jobs.drain()
    assert (await watched(house, match))["mail"] == "failed"
    assert sealed_tokens() == 0
    box.refusing = None
    async with house.client(STATION) as station:
        await station.post(f"{API}/matches/{match['id']}/invitation")
    await jobs.drain()
    assert len(box.letters) == 1
    assert (await watched(house, match))["mail"] == "sent"


async def test_a_link_taken_back_before_its_mail_left_is_not_sent(
    box: Letterbox, house: House
) -> None:
    person = await active_expert(house, email=ADDRESS)
    need = await accepted_need(house, await enterprise(house))
    async with house.client(STATION) as station:
        match = await made(station, "matches", need_id=need["id"], candidate_id=person["id"])
        for move in ("choose", "invite"):
            await moved(station, "matches", match, move)
        await station.post(f"{API}/matches/{match['id']}/invitation")
    await jobs.drain()
    assert len(box.letters) == 1
    async with house.client(None) as anybody:
        token = token_in(text_of(box.letters[0]))
        assert (await anybody.get(f"{PUBLIC}/{token}")).status_code == 200


async def test_a_title_cannot_smuggle_headers_into_a_letter(box: Letterbox, house: House) -> None:
    letter = mail.letter(ADDRESS, "一\r\nBcc: other@example.cn", "text")
    assert letter["Subject"] == "一 Bcc: other@example.cn"
    assert letter["Bcc"] is None
    for address in ("a@b.cn, c@d.cn", "a@b.cn\nBcc: c@d.cn", "nobody"):
        with pytest.raises(mail.MailFailed):
            mail.letter(address, "一", "text")
    await mail.send(letter)
    assert len(box.letters) == 1


def test_the_address_of_a_mail_server_is_read_with_its_password() -> None:
    told = Server.of("smtps://clerk%40park.cn:p%2Fw@mail.park.cn")
    assert (told.host, told.port, told.implicit) == ("mail.park.cn", 465, True)
    assert (told.user, told.password) == ("clerk@park.cn", "p/w")
    plain = Server.of("smtp://localhost:2525?starttls=no")
    assert (plain.port, plain.start, plain.here) == (2525, False, True)
    for wrong in ("mail.park.cn", "http://mail.park.cn", "smtp://", "smtp://host:port"):
        with pytest.raises(mail.MailFailed):
            Server.of(wrong)


async def test_nothing_is_invited_twice_by_a_stale_page(box: Letterbox, house: House) -> None:
    match, _ = await invited(house, email=ADDRESS)
    async with house.client(STATION) as station:
        again = await tried(station, "matches", match, "invite")
        assert again.status_code == 409
    await jobs.drain()
    assert len(box.letters) == 1
