"""The pack for an assessor: one page, whole, in two languages, without scripts."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.evidence import lists, pack
from app.evidence.commands import commands


def test_every_clause_stands_in_the_pack_with_its_answer() -> None:
    page = unescape(pack.html(date(2026, 11, 27)))
    for name in lists.NAMES:
        for id_, entry in lists.read(name).items():
            row = page.split(f'id="{name}-{id_.replace(" ", "-")}"')[1].split("</tr>")[0]
            assert pack.STATUS[entry.status][0] in row
            assert entry.in_short.en in row
            assert all(one in row for one in entry.evidence), id_
            assert entry.reason in row
    assert "2026-11-27" in page
    assert "安全测评证据" in page
    assert "Evidence of security" in page


def test_it_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    page = pack.html(date(2026, 11, 27))
    assert not re.search(r"<script|<link|<img|url\(|https?://|\son\w+=", page)


def test_a_figure_stands_beside_what_it_proves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    row = {"id": "trail.tampers", "what": "tampering found", "value": 30, "unit": "of 30"}
    kept = tmp_path / "walls.json"
    kept.write_text(json.dumps([row]), "utf-8")
    monkeypatch.setattr(pack, "_FIGURES", (kept,))
    page = pack.html(date(2026, 11, 27))
    assert page.count("tampering found: <b>30 of 30</b>") >= 2
    monkeypatch.setattr(pack, "_FIGURES", ())
    assert "tampering found" not in pack.html(date(2026, 11, 27))


def test_the_command_writes_it_and_counts(tmp_path: Path) -> None:
    out = tmp_path / "evidence.html"
    told = CliRunner().invoke(commands, ["evidence", "--out", str(out)])
    assert told.exit_code == 0, told.output
    counts = dict(line.split(": ", 1) for line in told.output.splitlines() if ": " in line)
    for name in lists.NAMES:
        assert sum(map(int, re.findall(r"\d+", counts[name]))) == len(lists.read(name))
    assert out.read_text("utf-8").startswith("<!doctype html>")
