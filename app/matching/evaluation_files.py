"""The platform's own judged matches as files that ``park eval matching`` reads.

In the format of paired judgements: projects, experts with their documents, and for each project
which candidate was taken and which refused. Names and organisations stay behind.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.libraries.experts.models import Expert
from app.libraries.experts.register import REGISTER as EXPERTS
from app.matching import applicants, evaluation
from app.matching.kinds import KINDS, works
from app.matching.matches.models import CandidateKind
from app.registers import directory, reading
from app.registers.visibility import visible


async def write(work: Work, folder: Path) -> dict[str, int]:
    """Write what the actor may see of judged experts; return how many lines of each file."""
    told = await evaluation.evaluation(work, KINDS[CandidateKind.experts].name)
    cases = [case for case in told.cases if case.pairs]
    experts = {j.candidate for case in cases for j in case.judged}
    files = {
        "projects": [await _project(work, case) for case in cases],
        "experts": await _experts(work, experts),
        "pairs": [pair for case in cases for pair in _pairs(case)],
    }
    _keep(folder, files)
    return {name: len(rows) for name, rows in files.items()}


def _keep(folder: Path, files: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"lrbench_{name}.jsonl").write_text("".join(lines), "utf-8")


def _name(record: UUID) -> str:
    return hashlib.sha256(record.bytes).hexdigest()[:16]


async def _project(work: Work, case: evaluation.Case) -> dict[str, Any]:
    row = await reading.row_of(work, directory.named(case.register), case.id)
    title, *rest = applicants.texts_of(row)
    return {"id": _name(case.id), "title": title, "abstract": "\n".join(rest)}


async def _experts(work: Work, ids: Iterable[UUID]) -> list[dict[str, Any]]:
    found = await work.session.execute(
        select(Expert)
        .where(col(Expert.id).in_(list(ids)), visible(EXPERTS, work.actor))
        .order_by(col(Expert.id))
    )
    return [
        {
            "id": _name(row.id),
            "docs": [
                {"title": w.title, "abstract": w.abstract or "", "year": w.year}
                for w in works(row)
                if not w.excluded
            ],
        }
        for row in found.scalars()
    ]


def _pairs(case: evaluation.Case) -> list[dict[str, Any]]:
    taken = [j for j in case.judged if j.taken]
    refused = [j for j in case.judged if not j.taken]
    return [
        {
            "project": _name(case.id),
            "better": _name(one.candidate),
            "worse": _name(other.candidate),
            "gap": 1,
        }
        for one in taken
        for other in refused
    ]
