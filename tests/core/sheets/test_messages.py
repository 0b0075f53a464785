"""Every code this room can utter has words in three languages."""

import re
from pathlib import Path

import pytest

import app.core.sheets
from app.core.labels import LOCALES
from app.core.sheets.messages import MESSAGES, text_of

FOLDER = Path(app.core.sheets.__file__ or "").parent
UTTERED = re.compile(
    r'(?:Parsed\(None, |SheetRefused\(|_refuse\(|HeaderProblem\(|note=)"([a-z_]+)"'
    r'|"(negative|too_small|too_large|converted|rounded|month_only|duplicate|in_future|bad_unit)"'
)
IGNORED = re.compile(r'return "([a-z_]+)"')


def test_every_code_in_the_source_has_a_text() -> None:
    uttered = {
        code
        for path in FOLDER.glob("*.py")
        for found in UTTERED.finditer(path.read_text("utf-8"))
        for code in found.groups()
        if code
    }
    reasons = set(IGNORED.findall((FOLDER / "rows.py").read_text("utf-8")))

    assert len(uttered) > 30
    assert uttered - MESSAGES.keys() == set()
    assert {f"ignored.{reason}" for reason in reasons} - MESSAGES.keys() == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_can_be_said_without_its_parameters(locale: str) -> None:
    for code in MESSAGES:
        said = text_of(code, locale)
        assert said
        assert "{" not in said


def test_rows_and_columns_have_their_taiwanese_names() -> None:
    assert text_of("duplicate", "zh-CN", {"row": 4}) == "与第 4 行重复。请删去其中一行。"
    assert text_of("duplicate", "zh-TW", {"row": 4}) == "與第 4 列重複。請刪去其中一列。"


def test_an_unknown_code_is_said_plainly() -> None:
    assert text_of("no_such_code", "en") == (
        "This is not right (no_such_code). Compare it with the note of the column in the template."
    )
