"""The measures are the README's, and every format is read: hand-made sets with known answers."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from app.matching.ranking.evaluation import measures, report, runs
from app.matching.ranking.evaluation.sets import Choices, Expertise, Retrieval, read, sets_in
from app.matching.ranking.model import Query
from app.measuring import commands

STEEL = "Convolutional networks find cracks and scratches on rolled steel plates."
POWER = "Early warning of thermal runaway in lithium batteries by many sensors."
WATER = "Ceramic membranes and ozone let dye works use their waste water again."


def write(path: Path, rows: Iterable[Any]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write one small set of each format; optional fields are missing here and there."""
    papers = [
        {"id": "s1", "title": "Steel", "abstract": STEEL, "year": 2015},
        {"id": "p1", "title": "Batteries", "abstract": POWER},
        {"id": "n1", "title": "Cracks in steel", "abstract": "Networks find scratches on plates."},
        {"id": "n2", "title": "Battery sensors", "abstract": "Warning of thermal runaway."},
        {"id": "n3", "title": "Dye works", "abstract": None},
    ]
    rated = [["n1", 5], ["n2", 1], ["n3", 1]]
    write(tmp_path / "goldstandard_docs.jsonl", papers)
    write(
        tmp_path / "goldstandard_reviewers.jsonl",
        [
            {"reviewer": "r1", "profiles": [["s1"]] * 10, "rated": rated},
            {"reviewer": "r2", "profiles": [["p1", "n3"]] * 10, "rated": [["n2", 4], ["n1", 1]]},
        ],
    )
    write(tmp_path / "goldstandard_background.jsonl", [{"id": "b1", "title": "Water"}, papers[2]])
    write(tmp_path / "lrbench_projects.jsonl", [{"id": "q", "title": "Cracks", "abstract": STEEL}])
    experts = [
        {"id": "a", "docs": [{"title": "Steel plates", "abstract": STEEL}]},
        {"id": "b", "docs": [{"title": "Membranes", "abstract": WATER}, {"title": "Ozone"}]},
        {"id": "c", "docs": []},
    ]
    write(tmp_path / "lrbench_experts.jsonl", experts)
    pairs = [("a", "b", 3), ("b", "a", 1)]
    write(
        tmp_path / "lrbench_pairs.jsonl",
        [{"project": "q", "better": x, "worse": y, "gap": gap} for x, y, gap in pairs],
    )
    write(tmp_path / "cslexp_experts.jsonl", experts)
    write(
        tmp_path / "cslexp_queries.jsonl",
        [
            {"id": "1", "title": "Rolled steel", "discipline": "a label", "relevant": {"a": 3}},
            {"id": "2", "title": "Ozone", "year": 2020, "field": "F", "relevant": {"c": 1}},
        ],
    )
    return tmp_path


def test_sets_are_known_by_their_files(folder: Path) -> None:
    assert sets_in(folder) == ["cslexp", "goldstandard", "lrbench"]
    (folder / "lrbench_pairs.jsonl").unlink()
    assert sets_in(folder) == ["cslexp", "goldstandard"]


def test_the_rated_papers_are_new_to_everybody(folder: Path) -> None:
    told = read(folder, "goldstandard")
    assert isinstance(told, Expertise)

    assert [len(one.documents) for one in told.draws[0]] == [1, 1]  # n3 is rated: it is left out
    assert [one.title for one in told.background] == ["Water"]
    assert {query.year for query in told.papers.values()} == {None}


def test_labels_are_not_read_into_the_query(folder: Path) -> None:
    told = read(folder, "cslexp")
    assert isinstance(told, Retrieval)
    assert "label" not in repr(told.queries["1"])
    assert told.queries["2"].fields == ("F",)


def test_ndcg_and_recall_by_hand() -> None:
    gain = 1 + 3 / np.log2(3)
    assert measures.ndcg(["b", "a"], {"a": 3, "b": 1}) == pytest.approx(gain / (3 + 1 / np.log2(3)))
    assert measures.ndcg(["x"] * 10 + ["a"], {"a": 1}) == 0
    assert measures.recall(["a", "x"], {"a": 1, "b": 2, "c": 0}) == 0.5
    assert measures.recall([], {}) == measures.ndcg([], {}) == 0


def test_the_loss_by_hand() -> None:
    found = measures.reviewed([(5, 0.1), (4, 0.2), (2, 0.2)])

    assert found.weight == 1 + 3 + 2
    assert found.lost == 1 + 3 + 2 / 2  # two pairs wrong, one a tie
    assert (found.easy, found.hard) == ((0, 2), (0, 1))


class Fixed:
    """Scores that do not depend on what is asked."""

    def scores(self, queries: Sequence[Query], ids: Sequence[str]) -> NDArray[np.float64]:
        return np.array([[{"a": 2.0, "b": 1.0, "c": 1.0}[name] for name in ids] for _ in queries])

    def found(self, query: Query) -> list[str]:
        raise NotImplementedError(query)


def test_the_choice_by_hand() -> None:
    told = Choices(
        "lrbench",
        [],
        {"p": Query("anything")},
        [("p", "a", "b", 3), ("p", "b", "c", 1), ("p", "c", "a", 2)],
    )

    result = runs.chosen(told, Fixed())

    assert result.measured["accuracy"].value == pytest.approx((1 + 0.5 + 0) / 3)
    assert result.measured["loss"].value == pytest.approx((0.5 + 2) / 6)


def test_an_interval_holds_its_value_and_a_difference_is_paired() -> None:
    top = np.array([0.0, 1.0, 0.5, 0.25] * 20)
    series = runs.Series(top, np.ones(80))
    low, high = series.interval
    better = runs.Series(top + 0.1, np.ones(80))

    assert low < series.value < high
    assert report.difference(better, series) == {"value": 0.1, "interval": [0.1, 0.1]}


def test_what_is_kept_is_what_the_next_run_is_compared_with(tmp_path: Path) -> None:
    result = runs.Result(("a", "b"), {"ndcg@10": runs.Series(np.array([0.5, 1]), np.ones(2))})
    report.keep(tmp_path, "set", "v1", result)

    before = report.last(tmp_path, "set")
    assert report.told(result, before)["ndcg@10"]["change"]["value"] == 0
    other = runs.Result(("a", "c"), result.measured)
    assert "change" not in report.told(other, before)["ndcg@10"]
    assert report.last(tmp_path, "other") is None


def test_the_command_measures_every_set(folder: Path) -> None:
    ran = CliRunner().invoke(
        commands, ["matching", "--data", str(folder), "--json", "--candidates", "all"]
    )
    assert ran.exit_code == 0, ran.output
    found = {name: told["rows"]["engine"] for name, told in json.loads(ran.output).items()}

    assert found["goldstandard"]["loss"]["value"] == 0
    assert found["goldstandard"]["easy"]["value"] == 1
    assert found["lrbench"]["accuracy"]["value"] == 0.5
    assert found["lrbench"]["loss"]["value"] == 0.25
    assert found["cslexp"]["ndcg@10"]["value"] == 0.5


def test_the_baselines_are_measured_beside(folder: Path) -> None:
    ran = CliRunner().invoke(
        commands,
        ["matching", "--data", str(folder), "--set", "cslexp", "--baselines", "--transductive"],
    )
    assert ran.exit_code == 0, ran.output
    assert "jieba BM25, best" in ran.output
    assert "engine, traditional" in ran.output


def test_a_set_that_is_not_there_is_said(folder: Path) -> None:
    ran = CliRunner().invoke(commands, ["matching", "--data", str(folder), "--set", "none"])
    assert ran.exit_code == 2
    assert "cslexp" in ran.output
    empty = CliRunner().invoke(commands, ["matching", "--data", str(folder / "empty")])
    assert empty.exit_code == 2
