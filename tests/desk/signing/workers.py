"""Two real worker processes over one database: what one is told, the other knows."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx

from tests.desk.people import API, PAGE, PASSWORD
from tests.desk.signing.scene import STATION, code_of, with_authenticator
from tests.e2e.conftest import free_port
from tests.house import House

_START = 600  # seconds, on a busy machine


@contextmanager
def workers(many: int = 2) -> Iterator[list[str]]:
    """Run ``many`` processes of the application on the database the settings name."""
    ports = [free_port() for _ in range(many)]
    command = [sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app"]
    environment = os.environ | {"PARK_SECOND_FACTOR": "required"}
    running = [
        subprocess.Popen(
            [*command, "--log-level", "error", "--port", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for port in ports
    ]
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        for url in urls:
            _wait_for(url)
        yield urls
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)


def _wait_for(url: str) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError(url)


async def across(house: House, urls: list[str]) -> list[str]:
    """End a session at one worker and use it at the other; use a code at both at once."""
    return await _revoked(house, urls) + await _one_code(house, urls)


async def _revoked(house: House, urls: list[str]) -> list[str]:
    name = f"worker-{uuid4().hex[:8]}"
    _, totp = await with_authenticator(house, name, STATION)
    given = {"username": name, "password": PASSWORD, "code": code_of(totp)}
    async with httpx.AsyncClient(headers=PAGE, timeout=60) as page:
        answer = await page.post(f"{urls[0]}{API}/auth/session", json=given)
        if answer.status_code != 200:
            return [f"signing in answers {answer.status_code}"]
        held = dict(page.cookies)
        before = [(await page.get(f"{url}{API}/me")).status_code for url in urls]
        await page.delete(f"{urls[0]}{API}/auth/session")
        page.cookies.update(held)
        after = [(await page.get(f"{url}{API}/me")).status_code for url in urls]
    found = [f"before the end: {status}" for status in before if status != 200]
    found += [f"after the end: {status}" for status in after if status != 401]
    return found


async def _one_code(house: House, urls: list[str]) -> list[str]:
    name = f"worker-{uuid4().hex[:8]}"
    _, totp = await with_authenticator(house, name, STATION)
    given = {"username": name, "password": PASSWORD, "code": code_of(totp)}
    async with httpx.AsyncClient(headers=PAGE, timeout=60) as page:
        come = [page.post(f"{url}{API}/auth/session", json=given) for url in urls * 2]
        came = [answer.status_code for answer in await asyncio.gather(*come)]
    return [] if came.count(200) == 1 else [f"one code at {len(come)} doors: {came}"]
