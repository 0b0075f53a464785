"""Ranking at full size: 10^5 candidates with 10^6 documents made of real titles, words, sentences.

    OPENBLAS_NUM_THREADS=1 python -m bench.matching_scale DATA [--candidates N] [--out FILE]

Each candidate has a few titles that he comes back to, so that postings, neighbours and vectors
are as lopsided as in a real library. Measured on one core: time and memory of the build, of
opening, of a search by an abstract of some 300 characters, of a search after a change, and of a
matrix for assignment. The gate is 150 ms for 95 of 100 searches, the aim 60 ms.
"""

import argparse
import json
import random
import re
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from app.matching.ranking import Base, Candidate, Document, Index, Query, build

DOCUMENTS_EACH = 10
QUERY_LENGTH = 300
GATE_MS, AIM_MS = 150, 60
_SENTENCE = re.compile("[。.;；]")


def material(data: Path) -> tuple[list[str], list[str], list[str]]:
    """Return titles, keywords and sentences of the evaluation data."""
    titles, keywords, sentences = [], [], []
    for path in sorted(data.glob("*_experts.jsonl")):
        for line in path.open(encoding="utf-8"):
            for document in json.loads(line)["docs"]:
                titles.append(document["title"])
                keywords += document.get("keywords") or ()
                sentences += [
                    s for s in (document.get("abstract") or "").split("。") if len(s) > 10
                ]
    return titles, keywords, sentences


def candidates(data: Path, count: int, seed: int = 5) -> Iterator[Candidate]:
    titles, keywords, sentences = material(data)
    rng = random.Random(seed)  # noqa: S311 -- data, not secrets
    for number in range(count):
        home = rng.randrange(len(titles))
        documents = []
        for _ in range(DOCUMENTS_EACH):
            near = titles[(home + rng.randrange(40)) % len(titles)]
            abstract = rng.choice(sentences)
            words = tuple(rng.choices(keywords, k=3))
            documents.append(Document(near, abstract, words, rng.randrange(2005, 2027)))
        fields = (f"{home % 900:04}",)
        yield Candidate(f"c{number:06}", tuple(documents), fields, words, number % 40)


def queries(data: Path, count: int, seed: int = 6) -> list[Query]:
    """Return queries of a title and an abstract of about QUERY_LENGTH characters."""
    titles, _, sentences = material(data)
    rng = random.Random(seed)  # noqa: S311 -- data, not secrets
    found = []
    for _ in range(count):
        text = ""
        while len(text) < QUERY_LENGTH:
            text += rng.choice(sentences) + "。"
        found.append(Query(rng.choice(titles), text[:QUERY_LENGTH], fields=("0101",), year=2026))
    return found


def memory_mb() -> dict[str, int]:
    """Return the process's own memory and the pages of files it has mapped, in MB."""
    told = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text("utf-8").splitlines()
    )
    return {
        "anonymous": int(told["RssAnon"].split()[0]) // 1024,
        "mapped": int(told["RssFile"].split()[0]) // 1024,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _timed(index: Index, asked: list[Query]) -> dict[str, float]:
    wall, cpu = [], []
    for query in asked:
        began, spent = time.perf_counter(), time.thread_time()
        index.search(query, nodes=range(40))
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.thread_time() - spent) * 1000)
    told = {"wall": wall, "cpu": cpu}
    return {
        f"{kind}_p{part}_ms": round(float(np.percentile(values, part)), 1)
        for kind, values in told.items()
        for part in (50, 95)
    }


def measured(data: Path, count: int, asked: int, folder: Path) -> dict[str, Any]:
    began, spent = time.perf_counter(), time.process_time()
    build(candidates(data, count), folder / "base")
    found: dict[str, Any] = {
        "candidates": count,
        "documents": count * DOCUMENTS_EACH,
        "build_wall_s": round(time.perf_counter() - began, 1),
        "build_cpu_s": round(time.process_time() - spent, 1),
        "build_memory_mb": memory_mb(),
        "disk_mb": sum(p.stat().st_size for p in (folder / "base").glob("*")) // 1_000_000,
    }
    began = time.perf_counter()
    base = Base.open(folder / "base")
    found["open_ms"] = round((time.perf_counter() - began) * 1000, 1)
    found["postings"] = int(base.segment.postings.start[-1])
    index, told = Index(base), queries(data, asked)
    index.search(told[0])
    found["search"] = _timed(index, told)
    began = time.perf_counter()
    changed = index.with_changes([Candidate("new", (Document(told[0].title, told[0].text),))])
    found["change_ms"] = round((time.perf_counter() - began) * 1000, 1)
    changed.search(told[0])
    found["search_with_delta"] = _timed(changed, told[: max(asked // 4, 1)])
    ids = [f"c{number:06}" for number in range(0, count, max(count // 5000, 1))]
    began = time.perf_counter()
    index.score_many(told[:20], ids)
    found["matrix_ms_per_query"] = round((time.perf_counter() - began) * 50, 1)
    found["memory_mb"] = memory_mb()
    return found


def rows_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the figures in the form of bench/results."""
    changed = found["search_with_delta"]
    size = f"{found['candidates']:,} experts, {found['documents']:,} documents"
    told = [
        ("wall_p95", f"index search over {size}: p95", found["search"]["wall_p95_ms"], "ms"),
        ("wall_p50", "the same, p50", found["search"]["wall_p50_ms"], "ms"),
        ("cpu_p95", "the same, CPU, p95", found["search"]["cpu_p95_ms"], "ms"),
        ("delta_cpu_p95", "with changes in memory: CPU, p95", changed["cpu_p95_ms"], "ms"),
        ("change", "one changed expert taken in", found["change_ms"], "ms"),
        ("build_cpu", "building the base: CPU", found["build_cpu_s"], "s"),
        ("build_peak", "building the base: peak memory", found["build_memory_mb"]["peak"], "MB"),
        ("disk", "the base on disk", found["disk_mb"], "MB"),
        ("anonymous", "memory of a worker of its own", found["memory_mb"]["anonymous"], "MB"),
        ("mapped", "memory shared by all workers (mapped)", found["memory_mb"]["mapped"], "MB"),
    ]  # fmt: skip
    goals = {"wall_p95": (GATE_MS, 60)}
    rows = []
    for name, what, value, unit in told:
        gate, aim = goals.get(name, (None, None))
        held = None if gate is None else bool(value <= gate)
        row = {"id": f"scale.{name}", "what": what, "value": value, "unit": unit}
        rows.append(row | {"gate": gate, "aim": aim, "held": held})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--candidates", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--out", type=Path)
    told = parser.parse_args()
    with TemporaryDirectory(prefix="park-scale-") as folder:
        found = measured(told.data, told.candidates, told.queries, Path(folder))
    rows = rows_of(found)
    text = json.dumps(rows, indent=1)
    print(text)
    if told.out:
        told.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
