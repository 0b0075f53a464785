"""A whole request over a library of 10^5 experts with 10^6 documents: asked, ranked, cleared, told.

    .venv/bin/python -m bench.matching_request [--experts 100000] [--questions 200]

Fills a throw-away PostgreSQL, builds the index as the product does, then asks
``POST /needs/{id}/matches`` with abstracts of some 300 characters, on one core. Prints rows in the
form of bench/results; ``make bench-matching`` puts them beside the others.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil

ROOT = Path(__file__).parents[1]
DATA = ROOT / "bench" / "data" / "matching"
SEED = 20261127
DOCUMENTS = 10  # of each expert
AT_ONCE = 1_000
FIELDS = [f"{n:02}" for n in range(1, 9)]
CENTRE = "centre_staff@east"


def lines(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / f"{name}.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


class Texts:
    """Titles, sentences and keywords of the evaluation sets, put together anew."""

    def __init__(self) -> None:
        self.dice = random.Random(SEED)  # noqa: S311 -- made-up texts, the same each time
        papers = [doc for expert in lines("cslexp_experts") for doc in expert["docs"]]
        self.titles = [doc["title"] for doc in papers]
        for name in ("cnproj_nsfc_experts", "cnproj_nssfc_experts"):
            self.titles += [doc["title"] for expert in lines(name) for doc in expert["docs"]]
        told = (s for doc in papers for s in doc["abstract"].replace(";", "。").split("。"))
        self.sentences = [sentence.strip() + "。" for sentence in told if len(sentence) > 12]
        self.keywords = sorted({k for doc in papers for k in doc["keywords"] if 1 < len(k) < 30})
        self.abstracts = [q["abstract"] for q in lines("cslexp_queries") if q["abstract"]]

    def document(self) -> dict[str, Any]:
        dice = self.dice
        return {
            "title": dice.choice(self.titles)[:300],
            "abstract": "".join(dice.sample(self.sentences, 5)),
            "year": dice.randint(2005, 2026),
            "keywords": dice.sample(self.keywords, 4),
            "excluded": False,
        }


def experts(texts: Texts, count: int, region: int, node: int) -> Iterator[dict[str, Any]]:
    """Yield rows of experts as they stand in the library."""
    from app.libraries.experts.models import Expert, ExpertState

    for number in range(count):
        row = Expert(
            region_id=region,
            node_id=node,
            name=f"样例专家{number}",
            name_py=f"yang li zhuan jia {number}",
            organisation=f"样例研究院{number % 5000}",
            hightech_fields=texts.dice.sample(FIELDS, 2),
            keywords=texts.dice.sample(texts.keywords, 5),
            documents=[texts.document() for _ in range(DOCUMENTS)],
            consent_scope=["library", "match"],
            consent_given_on=None,
            state=ExpertState.active,
        )
        told = {c.name: getattr(row, c.name) for c in Expert.__table__.columns}  # type: ignore[attr-defined]
        yield told | {"consent_given_on": __import__("datetime").date(2026, 1, 5)}


def fill(texts: Texts, count: int, region: int, node: int) -> float:
    """Write the library; return the seconds."""
    import sqlalchemy as sa

    from app.core.database_roles import owner_url
    from app.core.db import _json
    from app.libraries.experts.models import Expert

    began = time.perf_counter()
    engine = sa.create_engine(owner_url(), json_serializer=_json)
    batch: list[dict[str, Any]] = []
    with engine.begin() as connection:
        for row in experts(texts, count, region, node):
            batch.append(row)
            if len(batch) == AT_ONCE:
                connection.execute(sa.insert(Expert), batch)
                batch = []
        if batch:
            connection.execute(sa.insert(Expert), batch)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE expert"))
    engine.dispose()
    return time.perf_counter() - began


async def need(client: httpx.AsyncClient, number: int, text: str) -> str:
    """File and accept a need; return its id."""
    from app.ledgers.enterprises.credit_code import make

    async def call(method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = await client.request(method, f"/api/v1/{path}", **more)
        answer.raise_for_status()
        return dict(answer.json())

    firm = {"name": f"样例企业{number}有限公司", "uscc": make("320500", f"MB{number:06d}")}
    enterprise = await call("POST", "enterprises", json=firm)
    made = await call(
        "POST",
        "needs",
        json={
            "title": text[:40],
            "description": text[40:],
            "enterprise_id": enterprise["id"],
            "hightech_field": FIELDS[number % len(FIELDS)],
        },
    )
    for move in ("submit", "accept"):
        version = {"If-Match": f'"{made["version"]}"'}
        made = await call("POST", f"needs/{made['id']}/moves/{move}", json={}, headers=version)
    return str(made["id"])


async def asked(house: Any, texts: Texts, questions: int) -> tuple[list[float], list[float]]:
    """Return the wall and CPU seconds of each question."""
    station = "station_staff@east-park-station"
    cut = [a for a in texts.abstracts if len(a) > 250]
    async with house.client(station) as client:
        ids = [await need(client, n, texts.dice.choice(cut)[:300]) for n in range(questions)]
        walls, cpus = [], []
        for one in ids[:5] + ids:  # the first five warm the caches
            wall, cpu = time.perf_counter(), time.process_time()
            answer = await client.post(f"/api/v1/needs/{one}/matches?kinds=experts")
            answer.raise_for_status()
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
    return walls[5:], cpus[5:]


async def fresh(house: Any, writes: int = 30) -> list[float]:
    """Return the seconds from the answer to a write until another worker's index finds it."""
    from app.matching.index.library import Library
    from app.matching.index.shelf import Shelf
    from app.matching.kinds import KINDS
    from app.matching.matches.models import CandidateKind
    from app.matching.ranking import Query

    other = Library(KINDS[CandidateKind.experts], Shelf.of("experts"))
    await other.current()
    waits = []
    async with house.client(CENTRE) as client:
        listed = (await client.get(f"/api/v1/experts?limit={writes}")).json()["items"]
        for number, row in enumerate(listed):
            word = f"新词{number}号玄铁"
            answer = await client.patch(
                f"/api/v1/experts/{row['id']}",
                json={"documents": [{"title": word}]},
                headers={"If-Match": f'"{row["version"]}"'},
            )
            answer.raise_for_status()
            began = time.perf_counter()
            while True:
                index = await other.current()
                hits = index.search(Query(word), limit=5).hits
                if any(hit.id == row["id"] for hit in hits):
                    break
                await asyncio.sleep(0.01)
            waits.append(time.perf_counter() - began)
    return waits


def figure(
    name: str, what: str, value: float, unit: str, gate: float | None, aim: float | None
) -> dict[str, Any]:
    held = None if gate is None else bool(value <= gate)
    told = round(float(value), 3)
    return {
        "id": name, "what": what, "value": told, "unit": unit,
        "gate": gate, "aim": aim, "held": held,
    }  # fmt: skip


def rss() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6


async def measured(count: int, questions: int) -> list[dict[str, Any]]:
    from app.core import db
    from app.main import create_app
    from app.matching.index import library as rooms
    from app.matching.kinds import KINDS
    from app.matching.matches.models import CandidateKind
    from tests.house import build

    texts = Texts()
    house = await build(create_app())
    east = house.organisations["east"]
    filled = await asyncio.to_thread(fill, texts, count, east.region_id, east.node_id)
    print(f"filled in {filled:.0f} s", file=sys.stderr)
    rooms.PATIENCE = 3_600
    held = rooms.library(KINDS[CandidateKind.experts])
    began = time.perf_counter()
    await held.current()
    built = time.perf_counter() - began
    print(f"built in {built:.0f} s", file=sys.stderr)
    size = sum(f.stat().st_size for f in (held.shelf.folder / held.folder).iterdir()) / 1e6
    walls, cpus = await asked(house, texts, questions)
    resident = rss()
    waits = await fresh(house)
    await db.close()
    scale = f"{count:,} experts, {count * DOCUMENTS:,} documents"
    waited = float(np.percentile(waits, 95))
    wall, cpu = (np.percentile(np.array(v) * 1000, [50, 95]) for v in (walls, cpus))
    return [
        figure("M20", f"whole request, {scale}: p95, one core", wall[1], "ms", 150, 60),
        figure("M21", "the same, p50", wall[0], "ms", None, None),
        figure("M22", "the same, CPU of the application, p95", cpu[1], "ms", None, None),
        figure("M23", "a write is found by another worker, p95", waited, "s", 2, 2),
        figure("M24", "building the base in a process of its own", built, "s", None, None),
        figure("M25", "the base on disk, shared by all workers", size, "MB", None, None),
        figure("M26", "resident memory of the worker, after", resident, "MB", None, None),
    ]  # fmt: skip


def main() -> None:
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--experts", type=int, default=100_000)
    asks.add_argument("--questions", type=int, default=200)
    asks.add_argument("--out", type=Path)
    told = asks.parse_args()
    with tempfile.TemporaryDirectory(prefix="park-bench-") as home:
        os.environ |= {"PARK_HOME": home}
        os.environ.pop("PARK_DATABASE_URL", None)
        from app.core import migrate
        from app.core.embedded_pg import EmbeddedPostgres
        from app.core.settings import get_settings

        get_settings.cache_clear()
        Path(home).chmod(0o711)
        with EmbeddedPostgres(get_settings()).running():
            migrate.upgrade()
            rows = asyncio.run(measured(told.experts, told.questions))
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    print(text) if told.out is None else told.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
