"""The texts the demo lends its experts, achievements and projects: real Chinese, nobody's.

``texts.jsonl`` holds titles, abstracts and keywords of papers (CSL, Apache-2.0) and titles of
awards (Tsai1993/Fund, MPL-2.0) of technical disciplines, without persons. It is made by
``scripts/choose_demo_texts.py`` from the corpora that docs/data-sources.md names.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Text:
    """A paper, or the title of an award."""

    field: str  # of the eight high-tech fields
    title: str
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    discipline: str = ""


@dataclass(frozen=True)
class Library:
    """The texts by what they are about."""

    papers: Mapping[str, Sequence[Text]]  # by field
    disciplines: Mapping[str, Sequence[Text]]
    awards: Mapping[str, Sequence[Text]]  # by field


@cache
def library() -> Library:
    """Read the shipped texts."""
    papers: dict[str, list[Text]] = {}
    disciplines: dict[str, list[Text]] = {}
    awards: dict[str, list[Text]] = {}
    file = resources.files("app.demo") / "texts.jsonl"
    for line in file.read_text("utf-8").splitlines():
        told = json.loads(line)
        kind = told.pop("kind")
        text = Text(**told | {"keywords": tuple(told.get("keywords", ()))})
        if kind == "paper":
            papers.setdefault(text.field, []).append(text)
            disciplines.setdefault(text.discipline, []).append(text)
        else:
            awards.setdefault(text.field, []).append(text)
    return Library(papers, disciplines, awards)
