"""No room for a file: a refusal that says so, and nothing half-written left behind."""

import errno
import os
from pathlib import Path

import pytest

from app.core.settings import get_settings
from tests.house import House
from tests.ledgers.builders import STATION, an_enterprise


async def test_an_upload_without_room_is_refused_in_words_and_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    made = await an_enterprise(house)
    monkeypatch.setattr(os, "fsync", full)
    async with house.client(STATION) as client:
        answer = await client.post(
            f"/api/v1/enterprises/{made['id']}/attachments",
            files={"file": ("说明.txt", "没有空间的说明".encode())},
        )
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:park:unavailable")
    assert "磁盘" in answer.json()["detail"]
    assert int(answer.headers["Retry-After"]) > 0
    assert [one for one in _stored() if one.read_bytes() == "没有空间的说明".encode()] == []


def _stored() -> list[Path]:
    return [one for one in (get_settings().home / "files").rglob("*") if one.is_file()]


async def test_another_refusal_of_the_system_is_a_defect(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    made = await an_enterprise(house)
    monkeypatch.setattr(os, "fsync", broken)
    async with house.client(STATION) as client:
        answer = await client.post(
            f"/api/v1/enterprises/{made['id']}/attachments",
            files={"file": ("说明.txt", "另一份说明".encode())},
        )
    assert answer.status_code == 500
