"""Catalogues asked for by name."""

import pytest

from tests.house import House


@pytest.mark.parametrize("scheme", ["needs", "no-such", "industry%00", "é"])
async def test_a_catalogue_that_is_not_there_is_not_found(house: House, scheme: str) -> None:
    async with house.client("station_staff@east-park-station") as client:
        answer = await client.get(f"/api/v1/codes/{scheme}?q={'é' * 60}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
