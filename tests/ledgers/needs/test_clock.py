"""The promise clock: ten working days by the official table, paused while nobody can work."""

from collections.abc import Mapping
from datetime import date, datetime, time

import sqlalchemy as sa

from app.catalogues.workdays import seeded_calendar
from app.core import clock as house_clock
from app.core.clock import CIVIL
from app.ledgers.needs import clock
from app.ledgers.needs.models import Need
from tests.house import House
from tests.ledgers.builders import STATION, Record, a_need, a_user_of, an_enterprise, call, move

CALENDAR = seeded_calendar()


def it_is(*day: int) -> None:
    house_clock.say(datetime.combine(date(*day), time(10), CIVIL))


def an_accepted_need(calendar: Mapping[date, bool] = CALENDAR) -> Need:
    need = Need(
        region_id=2,
        node_id=3,
        title="需求",
        description="描述",
        accepted_on=house_clock.today(),
    )
    clock.start(need, calendar)
    return need


def test_accepted_before_the_october_holidays_it_is_due_after_the_working_saturday() -> None:
    it_is(2026, 9, 24)  # Thursday; mid-autumn 25-27 September, national day 1-7, work on 10 October
    assert an_accepted_need().due_on == date(2026, 10, 15)


def test_beyond_the_table_the_due_day_is_unknown_and_never_guessed() -> None:
    it_is(2026, 12, 25)
    need = an_accepted_need()
    assert (need.due_on, need.due_unknown) == (None, True)
    it_is(2027, 3, 1)
    clock.stop(need)
    assert need.clock == "met"


def test_a_pause_takes_no_working_day() -> None:
    it_is(2026, 6, 1)
    need = an_accepted_need()
    assert need.due_on == date(2026, 6, 15)
    it_is(2026, 6, 4)  # three days used
    clock.pause(need, CALENDAR)
    it_is(2026, 7, 1)
    clock.resume(need, CALENDAR)
    assert need.due_on == date(2026, 7, 10)


def test_what_was_overdue_stays_overdue_after_a_pause() -> None:
    it_is(2026, 6, 1)
    need = an_accepted_need()
    it_is(2026, 6, 30)
    clock.pause(need, CALENDAR)
    clock.resume(need, CALENDAR)
    assert need.due_on == date(2026, 6, 15)
    clock.stop(need)
    assert need.clock == "missed"


def test_an_answer_on_the_last_day_is_in_time_and_one_the_day_after_is_not() -> None:
    for day, expected in ((15, "met"), (16, "missed")):
        it_is(2026, 6, 1)
        need = an_accepted_need()
        it_is(2026, 6, day)
        clock.stop(need)
        assert need.clock == expected


async def accepted(house: House, *day: int) -> Record:
    """Return a need accepted on a day; who signs in does so in the present."""
    user = await a_user_of(house, await an_enterprise(house))
    if day:
        it_is(*day)
    need = await a_need(house, user)
    await move(house, user, "needs", need, "submit")
    need = await move(house, STATION, "needs", need, "accept")
    house_clock.say(None)
    return need


async def test_the_clock_stands_still_while_a_need_is_suspended(house: House) -> None:
    need = await accepted(house, 2026, 9, 24)
    assert (need["clock"], need["due_on"]) == ("running", "2026-10-15")
    it_is(2026, 10, 9)
    paused = await move(house, STATION, "needs", need, "suspend", {"reason": "企业停产检修"})
    assert paused["clock"] == "paused"
    it_is(2026, 10, 19)
    resumed = await move(house, STATION, "needs", need, "resume")
    assert (resumed["clock"], resumed["due_on"]) == ("running", "2026-10-26")


async def test_a_day_people_corrected_counts_as_corrected(house: House, database: str) -> None:
    owner(database, "UPDATE workday SET kind = 'rest' WHERE day = '2026-06-02'")
    need = await accepted(house, 2026, 6, 1)
    assert need["due_on"] == "2026-06-16"


async def test_without_a_table_the_due_day_is_unknown(house: House, database: str) -> None:
    owner(database, "DELETE FROM workday")
    need = await accepted(house)
    assert (need["due_on"], need["due_unknown"]) == (None, True)


async def test_overdue_needs_are_one_query(house: House) -> None:
    late = await accepted(house, 2026, 6, 1)
    await accepted(house, 2026, 6, 10)
    listed = await call(house, STATION, "GET", "/needs?clock=running&due_on__lte=2026-06-15")
    assert [item["id"] for item in listed.json()["items"]] == [late["id"]]


def owner(database: str, statement: str) -> None:
    """Correct the table as its keeper would."""
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
