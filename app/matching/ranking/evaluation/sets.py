"""The evaluation sets, read as their README describes them; a set is there when its files are."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.matching.ranking.model import Candidate, Document, Query

Row = Mapping[str, Any]

GOLDSTANDARD, LRBENCH = "goldstandard", "lrbench"
_FILES = {
    GOLDSTANDARD: ("reviewers", "docs"),
    LRBENCH: ("projects", "experts", "pairs"),
}
_DRAWS = 10


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Find the relevant candidates of each query; measured by nDCG@10 and Recall@10."""

    name: str
    candidates: Sequence[Candidate]
    queries: Mapping[str, Query]
    relevant: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Expertise:
    """What reviewers said of their own expertise, with ten draws of their papers."""

    name: str
    draws: Sequence[Sequence[Candidate]]
    papers: Mapping[str, Query]
    rated: Mapping[str, Sequence[tuple[str, float]]]
    background: Sequence[Document]


@dataclass(frozen=True, slots=True)
class Choices:
    """Which of two experts people found the better reviewer of a paper."""

    name: str
    candidates: Sequence[Candidate]
    projects: Mapping[str, Query]
    pairs: Sequence[tuple[str, str, str, float]]  # project, better, worse, gap


def sets_in(folder: Path) -> list[str]:
    """Name the sets whose files are all in the folder."""
    found = [path.name.removesuffix("_queries.jsonl") for path in folder.glob("*_queries.jsonl")]
    found = [name for name in sorted(found) if _path(folder, name, "experts").exists()]
    for name, parts in _FILES.items():
        if all(_path(folder, name, part).exists() for part in parts):
            found.append(name)
    return found


def read(folder: Path, name: str) -> Retrieval | Expertise | Choices:
    """Read one set. Raises OSError for a missing file, KeyError for a missing field."""
    if name == GOLDSTANDARD:
        return _goldstandard(folder)
    if name == LRBENCH:
        return _lrbench(folder)
    return _retrieval(folder, name)


def _path(folder: Path, name: str, part: str) -> Path:
    return folder / f"{name}_{part}.jsonl"


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _document(row: Row) -> Document:
    return Document(
        title=row.get("title") or "",
        abstract=row.get("abstract") or "",
        keywords=tuple(row.get("keywords") or ()),
        year=row.get("year"),
    )


def _candidate(row: Row) -> Candidate:
    documents = row.get("docs") or ()
    fields = Counter(one["field"].strip() for one in documents if one.get("field"))
    return Candidate(
        id=str(row["id"]),
        documents=tuple(_document(one) for one in documents),
        fields=tuple(code for code, _ in fields.most_common()),
    )


def _retrieval(folder: Path, name: str) -> Retrieval:
    """Read experts and queries. A query's keywords, discipline and category are labels: unread."""
    queries, relevant = {}, {}
    for row in _rows(_path(folder, name, "queries")):
        field = (row.get("field") or "").strip()
        queries[str(row["id"])] = Query(
            title=row.get("title") or "",
            text=row.get("abstract") or "",
            fields=(field,) if field else (),
            year=row.get("year"),
        )
        relevant[str(row["id"])] = row["relevant"]
    candidates = [_candidate(row) for row in _rows(_path(folder, name, "experts"))]
    return Retrieval(name, candidates, queries, relevant)


def _goldstandard(folder: Path) -> Expertise:
    """Read reviewers and papers. A paper's year is when it was written, not when it is judged.

    The rated papers stand in nobody's profile and not in the background: they are new.
    """
    reviewers = list(_rows(_path(folder, GOLDSTANDARD, "reviewers")))
    papers = {str(row["id"]): _document(row) for row in _rows(_path(folder, GOLDSTANDARD, "docs"))}
    rated = {
        str(row["reviewer"]): [(str(paper), float(value)) for paper, value in row["rated"]]
        for row in reviewers
    }
    new = {paper for told in rated.values() for paper, _ in told}
    own = {name: one for name, one in papers.items() if name not in new}
    draws = [
        [
            Candidate(
                str(row["reviewer"]),
                tuple(own[str(p)] for p in row["profiles"][draw] if str(p) in own),
            )
            for row in reviewers
        ]
        for draw in range(min(_DRAWS, *(len(row["profiles"]) for row in reviewers)))
    ]
    background = _path(folder, GOLDSTANDARD, "background")
    others = _rows(background) if background.exists() else iter(())
    return Expertise(
        GOLDSTANDARD,
        draws,
        {
            name: Query(papers[name].title, papers[name].abstract)
            for name in sorted(new & papers.keys())
        },
        rated,
        [_document(row) for row in others if str(row.get("id")) not in new],
    )


def _lrbench(folder: Path) -> Choices:
    projects = {
        str(row["id"]): Query(row.get("title") or "", row.get("abstract") or "")
        for row in _rows(_path(folder, LRBENCH, "projects"))
    }
    pairs = [
        (str(row["project"]), str(row["better"]), str(row["worse"]), float(row.get("gap") or 1))
        for row in _rows(_path(folder, LRBENCH, "pairs"))
    ]
    candidates = [_candidate(row) for row in _rows(_path(folder, LRBENCH, "experts"))]
    return Choices(LRBENCH, candidates, projects, pairs)
