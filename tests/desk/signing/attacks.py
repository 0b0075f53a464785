"""What is tried against signing in. Each attack returns what got through: [] when all held."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import anyio
import httpx
from sqlalchemy import delete

from app.access.credentials import Identity
from app.core import clock, db
from app.core.clock import now
from tests.access.asgi import Question, ask
from tests.access.test_tokens import FORGERIES
from tests.desk.people import API, PASSWORD, somebody
from tests.desk.signing.provider import (
    FALSE_LOGOUTS,
    LIES,
    SURROUNDINGS,
    Provider,
    logout_token,
    talking,
)
from tests.desk.signing.scene import (
    STATION,
    WRONG,
    at,
    code_of,
    enter,
    inside,
    setting,
    with_authenticator,
)
from tests.house import House

Attack = Callable[[House], Awaitable[list[str]]]
_REFRESH = f"{API}/auth/session/refresh"


def _name(stem: str) -> str:
    return f"{stem}-{uuid4().hex[:8]}"


async def refreshes(house: House, at_once: int = 100) -> dict[str, int]:
    """Renew one session ``at_once`` times; count rotations and those thrown out."""
    name = _name("tabs")
    await somebody(house, name, STATION)
    answers: list[httpx.Response] = []
    async with inside(house, name) as page:
        held = dict(page.cookies)

        async def renew() -> None:
            async with at(house) as tab:
                tab.cookies.update(held)
                answers.append(await tab.post(_REFRESH))

        async with anyio.create_task_group() as group:
            for _ in range(at_once):
                group.start_soon(renew)
        rotated = [a for a in answers if "park_rt" in a.cookies]
        async with at(house) as tab:
            tab.cookies.update(held | dict(rotated[0].cookies) if rotated else held)
            lives = (await tab.post(_REFRESH)).status_code == 204
    out = sum(a.status_code == 401 for a in answers) + (not lives)
    return {"rotations": len(rotated), "thrown_out": out}


async def replayed_refresh(house: House) -> list[str]:
    """Use a refresh token again after the race, one and three generations old."""
    found = []
    for generations in (1, 3):
        name = _name("stolen")
        await somebody(house, name, STATION)
        async with inside(house, name) as page, at(house) as thief:
            thief.cookies.update(page.cookies)
            for _ in range(generations):
                assert (await page.post(_REFRESH)).status_code == 204
            clock.say(now() + timedelta(seconds=31))
            try:
                if (await thief.post(_REFRESH)).status_code != 401:
                    found.append(f"a token {generations} generations old was renewed")
            finally:
                clock.say(None)
            if (await page.get(f"{API}/me")).status_code != 401:
                found.append(f"the family of a token {generations} generations old lives on")
    return found


async def revoked_session(house: House) -> list[str]:
    """Go on with a session that was ended elsewhere."""
    name = _name("leaver")
    await somebody(house, name, STATION)
    async with inside(house, name) as lost, inside(house, name) as here:
        assert (await lost.get(f"{API}/me")).status_code == 200
        listed = (await here.get(f"{API}/me/sessions")).json()["items"]
        other = next(one["id"] for one in listed if not one["current"])
        assert (await here.delete(f"{API}/me/sessions/{other}")).status_code == 204
        again = [await lost.get(f"{API}/me"), await lost.post(_REFRESH)]
    return [f"{a.request.method} {a.request.url.path}" for a in again if a.status_code != 401]


async def forgeries(house: House) -> list[str]:
    """Come with every forged access token a header can carry."""
    sent = {name: token for name, token in FORGERIES.items() if token and token.isascii()}
    me = Question("GET", f"{API}/me")
    return [name for name, token in sent.items() if (await ask(house.app, me, token)).status != 401]


async def guesses(house: House, many: int = 60) -> dict[str, int]:
    """Guess one person's password ``many`` times from many networks, beside its owner.

    Counts the guesses whose password was looked at, and how often the owner was kept out.
    """
    name = _name("victim")
    await somebody(house, name, STATION)
    looked_at = kept_out = 0
    async with at(house, "198.51.100.7") as own:
        assert (await enter(own, name)).status_code == 200  # the browser is known from now on
        for count in range(many):
            async with at(house, f"203.{count % 113}.{count % 7}.9") as stranger:
                looked_at += (await enter(stranger, name, WRONG)).status_code == 401
            if count % max(1, many // 20) == 0:
                kept_out += (await enter(own, name)).status_code != 200
        kept_out += (await enter(own, name)).status_code != 200
    return {"looked_at": looked_at, "kept_out": kept_out}


async def locked_out(house: House) -> list[str]:
    """Guess from the victim's own network too; the victim still gets in, a stranger waits."""
    name = _name("victim")
    await somebody(house, name, STATION)
    found = []
    async with at(house, "198.51.100.7") as own, at(house, "198.51.100.99") as stranger:
        assert (await enter(own, name)).status_code == 200
        tries = [(await enter(stranger, name, WRONG)) for _ in range(12)]
        if (await enter(own, name)).status_code != 200:
            found.append("the victim is kept out")
        if tries[-1].status_code != 429 or "retry-after" not in tries[-1].headers:
            found.append("the guesser does not wait")
    return found


async def guesses_at_once(house: House) -> list[str]:
    """Guess thirty times at the same moment: no more are looked at than one after the other."""
    name = _name("victim")
    await somebody(house, name, STATION)
    seen: list[int] = []

    async def guess() -> None:
        async with at(house, "203.0.113.5") as stranger:
            seen.append((await enter(stranger, name, WRONG)).status_code)

    async with anyio.create_task_group() as group:
        for _ in range(30):
            group.start_soon(guess)
    return ["more guesses than free were looked at"] if seen.count(401) > 6 else []


async def sprayed(house: House, many: int = 60) -> list[str]:
    """Try one password on many names from one address."""
    seen = []
    async with at(house, "203.0.113.77") as stranger:
        for count in range(many):
            seen += [(await enter(stranger, f"name-{count}", WRONG)).status_code]
    return [] if seen[-1] == 429 else ["sixty names from one address, and no wait"]


async def replayed_codes(house: House) -> list[str]:
    """Use a code twice, at the door, from within, and both at the same moment."""
    found = []
    with setting(second_factor="required"):
        name = _name("coded")
        _, totp = await with_authenticator(house, name, STATION)
        code = code_of(totp)
        async with inside(house, name, code) as page, at(house) as other:
            if (await enter(other, name, code=code)).status_code == 200:
                found.append("a code was good twice")
            if (await page.post(f"{API}/auth/step-up", json={"code": code})).is_success:
                found.append("a code was good at the door and within")
        name = _name("coded")
        _, totp = await with_authenticator(house, name, STATION)
        code, seen = code_of(totp), []

        async def come() -> None:
            async with at(house) as page:
                seen.append((await enter(page, name, code=code)).status_code)

        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(come)
        if seen.count(200) != 1:
            found.append(f"{seen.count(200)} of 4 came in with one code at once")
        found += await _distant_codes(house)
    return found


async def _distant_codes(house: House) -> list[str]:
    """Use codes of two steps ago and two steps ahead; one step off is a clock's drift."""
    found = []
    for seconds, good in ((-60, False), (60, False), (-30, True), (30, True)):
        name = _name("coded")
        _, totp = await with_authenticator(house, name, STATION)
        async with at(house) as page:
            code = code_of(totp, now() + timedelta(seconds=seconds))
            came = (await enter(page, name, code=code)).status_code == 200
        if came != good:
            found.append(f"a code {seconds} s off: {'taken' if came else 'refused'}")
    return found


async def _accepted(house: House, found: Provider, **changed: str) -> bool:
    """Sign in through a provider; say whether the browser came in."""
    with talking(found):
        async with at(house) as page:
            left = await page.get(f"{API}/auth/oidc/start")
            if not left.headers["location"].startswith("https://id.example.test/"):
                return False
            brought = found.authorise(left.headers["location"]) | changed
            back = await page.get(f"{API}/auth/oidc/callback", params=brought)
            return "park_at" in back.cookies


async def linked(house: House) -> str:
    """Make somebody whose account the provider's subject opens; return the name."""
    name = _name("sso")
    await somebody(house, name, STATION)
    async with db.transaction("staff") as session:
        await session.execute(delete(Identity))  # of an attack before this one
    with talking(Provider()) as found:
        async with inside(house, name) as page:
            left = await page.post(f"{API}/me/identities", json={})
            assert left.status_code == 200, left.text
            brought = found.authorise(left.json()["url"])
            back = await page.get(f"{API}/auth/oidc/callback", params=brought)
            assert back.headers["location"] == "/me?oidc=linked", back.headers["location"]
    return name


def lies_about(word: str) -> Attack:
    """Return the attack by those lies of the ID token that are about ``word``."""

    async def attack(house: House) -> list[str]:
        await linked(house)
        told = {what: lie for what, lie in LIES.items() if word in what}
        return [what for what, lie in told.items() if await _accepted(house, Provider(lie))]

    return attack


async def lies(house: House) -> list[str]:
    """Have the provider lie in each thing it says; return the lies that opened the door."""
    found = await lies_about("")(house)
    if not await _accepted(house, Provider()):
        found.append("the honest provider is not believed")
    for what, lying in SURROUNDINGS.items():
        if await _accepted(house, lying):
            found.append(what)
    if await _accepted(house, Provider(), iss="https://evil.example"):
        found.append("a mix-up of providers")
    if await _accepted(house, Provider(), state="x" * 43):
        found.append("another state")
    if await _accepted(house, Provider(_by_name)):
        found.append("a subject nobody linked, under a name that exists")
    return found + await wrong_ways(house)


def _by_name(_: Provider, claims: dict[str, object]) -> str:
    from tests.desk.signing.provider import signed

    return signed(claims | {"sub": "a stranger", "preferred_username": "clerk", "email": "a@b.cn"})


#: How many lies :func:`lies` tells: those of the tables, three beside them, four wrong ways.
LIES_TOLD = len(LIES) + len(SURROUNDINGS) + 7


async def wrong_ways(house: House) -> list[str]:
    """Come back twice, in another browser, and with the code of another's trip."""
    found = []
    with talking(Provider()) as honest:
        async with at(house) as page, at(house) as other:
            left = await page.get(f"{API}/auth/oidc/start")
            brought = honest.authorise(left.headers["location"])
            if "park_at" in (await other.get(f"{API}/auth/oidc/callback", params=brought)).cookies:
                found.append("another browser came back")
            await other.get(f"{API}/auth/oidc/start")
            if "park_at" in (await other.get(f"{API}/auth/oidc/callback", params=brought)).cookies:
                found.append("another browser came back with a cookie of its own")
            first = await page.get(f"{API}/auth/oidc/callback", params=brought)
            page.cookies.update(dict(left.cookies))
            honest.authorise(left.headers["location"])
            again = await page.get(f"{API}/auth/oidc/callback", params=brought)
            if "park_at" not in first.cookies or "park_at" in again.cookies:
                found.append("a state was good twice")
    with talking(Provider(careless=True)) as careless:
        async with at(house) as page, at(house) as other:
            mine = careless.authorise(
                (await page.get(f"{API}/auth/oidc/start")).headers["location"]
            )
            theirs = careless.authorise(
                (await other.get(f"{API}/auth/oidc/start")).headers["location"]
            )
            swapped = mine | {"code": theirs["code"]}
            if "park_at" in (await page.get(f"{API}/auth/oidc/callback", params=swapped)).cookies:
                found.append("a swapped code")
    return found


async def false_logouts(house: House) -> list[str]:
    """Send logout tokens that are none; a true one ends the session."""
    name = await linked(house)
    found = []
    with talking(Provider()) as honest:
        async with at(house) as page, at(house) as anybody:
            left = await page.get(f"{API}/auth/oidc/start")
            await page.get(
                f"{API}/auth/oidc/callback", params=honest.authorise(left.headers["location"])
            )
            assert (await page.get(f"{API}/me")).json()["username"] == name
            for what, made in FALSE_LOGOUTS.items():
                form = {"logout_token": made()}
                told = await anybody.post(f"{API}/auth/oidc/logout", data=form)
                lives = (await page.get(f"{API}/me")).status_code == 200
                if told.status_code != 400 or not lives:
                    found.append(what)
            true = await anybody.post(
                f"{API}/auth/oidc/logout", data={"logout_token": logout_token()}
            )
            if not true.is_success or (await page.get(f"{API}/me")).status_code != 401:
                found.append("a true logout ended nothing")
    return found


#: Passwords that a guesser tries first, or that say who has them; the account is 张伟, zhangwei.
WEAK = (
    *("Password1234!", "P@ssw0rd2026!!", "Qwerty123456!", "1qaz@WSX3edc", "Admin@123456"),
    *("Welcome2026!!!", "Aa123456789!", "Abc123456789!", "Passw0rd!Passw0rd!", "Iloveyou-1314"),
    *("Gaoxin@2026!!", "Yuanqu-Guanli-2026", "Park-2026-park!", "Taizhang@2026", "Zhuanjia-1234"),
    *("Zhangwei-1988!", "Zhangwei19880808", "Weizhang@2026!", "AdminAdmin2026!", "aaaaAAAA1111!"),
    *("Qwertyuiop-1", "Woaini-1314520", "Huanying@2026!", "Kejiyuan-2026!", "Short-1"),
)
_ALSO_ASVS = ("all small letters of a song", "纸上得来终觉浅，绝知此事要躬行。")


async def weak_passwords(house: House) -> list[str]:
    """Set each weak password as one's own, under both profiles; a strong one is taken."""
    found = []
    for profile in ("mlps3", "asvs"):
        with setting(passwords=profile):
            found += [f"{profile}: {p}" for p in await _taken(house, WEAK)]
            strong = ("Correct-horse-battery-7",) + (_ALSO_ASVS if profile == "asvs" else ())
            refused = set(strong) - set(await _taken(house, strong))
            found += [f"{profile} refuses {p}" for p in sorted(refused)]
    return found


async def _taken(house: House, passwords: tuple[str, ...]) -> list[str]:
    from app.access.password_rules import weaknesses

    return [p for p in passwords if not weaknesses(p, "zhangwei", name="张伟")]


async def old_passwords(house: House) -> list[str]:
    """Change the password and back again: none of the last five is taken."""
    name = _name("changer")
    await somebody(house, name, STATION)
    async with inside(house, name) as page:
        taken = [PASSWORD]
        for new in ("Another-horse-8", "Purple-lantern-9", PASSWORD, "Another-horse-8"):
            told = await page.put(f"{API}/me/password", json={"current": taken[-1], "new": new})
            if told.status_code == 204:
                taken.append(new)
    return [] if taken == [PASSWORD, "Another-horse-8", "Purple-lantern-9"] else taken
