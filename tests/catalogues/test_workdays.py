"""Working days follow the State Council's notice, and end where the notices end."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from app.catalogues.workdays import (
    CalendarUnknown,
    DayKind,
    Workday,
    add_working_days,
    load_workdays,
    read_calendar,
    seeded_calendar,
    working_days_between,
)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        # Mid-Autumn 25-27 September and National Day 1-7 October 2026; Saturday the 10th is worked
        ("2026-09-25", 1, "2026-09-28"),
        ("2026-09-25", 3, "2026-09-30"),
        ("2026-09-25", 4, "2026-10-08"),
        ("2026-09-25", 6, "2026-10-10"),
        ("2026-09-25", 7, "2026-10-12"),
        ("2026-09-18", 1, "2026-09-20"),  # Sunday the 20th is worked for the holiday to come
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-02-13", 1, "2026-02-14"),  # Saturday worked before Spring Festival
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-11-20", 5, "2026-11-27"),  # an ordinary week
        ("2026-11-21", 1, "2026-11-23"),  # accepted on a Saturday
        ("2026-11-20", 0, "2026-11-20"),
    ],
)
def test_a_deadline_counts_the_days_that_are_worked(start: str, n: int, end: str) -> None:
    due = add_working_days(date.fromisoformat(start), n, seeded_calendar())
    assert due == date.fromisoformat(end)


def test_beyond_the_last_notice_the_answer_is_unknown_not_a_guess() -> None:
    beyond = max(seeded_calendar()) + timedelta(days=1)
    assert beyond >= date(2027, 1, 1)
    assert add_working_days(beyond - timedelta(days=2), 10, seeded_calendar()) == CalendarUnknown(
        beyond
    )
    assert working_days_between(beyond, beyond + timedelta(days=3), seeded_calendar()) == (
        CalendarUnknown(beyond + timedelta(days=1))
    )


def test_a_deadline_in_2026_is_known_and_one_in_the_first_unpublished_year_is_not() -> None:
    until_2026 = {day: works for day, works in seeded_calendar().items() if day.year <= 2026}
    assert add_working_days(date(2026, 12, 28), 3, until_2026) == date(2026, 12, 31)
    assert add_working_days(date(2026, 12, 28), 4, until_2026) == CalendarUnknown(date(2027, 1, 1))


def test_a_calendar_may_be_a_function() -> None:
    assert add_working_days(date(2026, 1, 1), 2, lambda day: day.weekday() < 5) == date(2026, 1, 5)
    assert add_working_days(date(2026, 1, 1), 2, lambda _: None) == CalendarUnknown(
        date(2026, 1, 2)
    )


def test_counting_between_is_the_reverse_of_adding() -> None:
    for n in range(1, 60):
        start = date(2026, 8, 1)
        end = add_working_days(start, n, seeded_calendar())
        assert isinstance(end, date)
        assert working_days_between(start, end, seeded_calendar()) == n
    assert working_days_between(date(2026, 8, 2), date(2026, 8, 1), {}) == 0


def test_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 8, 1), -1, seeded_calendar())


@pytest.fixture
def connection(database: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(database)
    with engine.begin() as opened:
        SQLModel.metadata.create_all(opened, tables=[SQLModel.metadata.tables["workday"]])
        opened.execute(sa.delete(Workday))
        yield opened
    engine.dispose()


def test_the_table_is_seeded_once_and_keeps_what_people_correct(connection: sa.Connection) -> None:
    assert load_workdays(connection) == len(seeded_calendar())
    assert load_workdays(connection) == 0
    typhoon = {"kind": DayKind.REST, "source": "市政府通知"}
    connection.execute(sa.update(Workday).filter_by(day=date(2026, 9, 28)).values(**typhoon))
    connection.execute(sa.delete(Workday).filter_by(day=date(2026, 12, 31)))
    assert load_workdays(connection) == 1
    days = read_calendar(connection, date(2026, 9, 1), date(2026, 10, 31))
    assert len(days) == 61
    assert add_working_days(date(2026, 9, 25), 1, days) == date(2026, 9, 29)
    assert add_working_days(date(2026, 10, 30), 1, days) == CalendarUnknown(date(2026, 11, 1))
