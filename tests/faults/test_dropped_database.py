"""The database goes away under the running application, and comes back."""

import pytest

from app.core.embedded_pg import EmbeddedPostgres
from tests.house import House
from tests.ledgers.builders import STATION, a_credit_code, an_enterprise, call

pytestmark = pytest.mark.slow


async def test_a_dropped_database_is_a_503_that_says_when_to_ask_again(
    house: House, postgres: EmbeddedPostgres
) -> None:
    made = await an_enterprise(house)
    given = {"name": "样例断电有限公司", "uscc": a_credit_code()}
    postgres.stop()
    try:
        for method, path, body in (
            ("GET", f"/enterprises/{made['id']}", None),
            ("GET", "/enterprises", None),
            ("POST", "/enterprises", given),
            ("GET", "/me", None),
        ):
            answer = await call(house, STATION, method, path, body)
            assert answer.status_code == 503, (path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.json()["type"] == "urn:park:unavailable"
        async with house.client(None) as anybody:
            signing = await anybody.post(
                "/api/v1/auth/token", data={"username": "a", "password": "b"}
            )
            assert signing.status_code == 503
            assert (await anybody.get("/healthz")).status_code == 200
            assert (await anybody.get("/readyz")).status_code == 503
    finally:
        postgres.start()
    async with house.client(None) as anybody:
        assert (await anybody.get("/readyz")).status_code == 200
    seen = await call(house, STATION, "GET", f"/enterprises/{made['id']}")
    assert seen.json()["name"] == made["name"]
    assert (await call(house, STATION, "POST", "/enterprises", given)).status_code == 201
