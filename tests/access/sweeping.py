"""Lists, counts, facets, searches, feeds, exports: exactly what an actor may see, no other."""

import json
from urllib.parse import quote

from tests.access import oracle, rules
from tests.access.asgi import Answer, Question
from tests.access.probes import Operation
from tests.access.rules import Who
from tests.access.running import Run, leaks

_FACET = {"qualifications": "kind"}
_LEAST_UPWARD = 3  # hard rule 3: smaller groups are suppressed upward


async def sweep(run: Run, operations: list[Operation], register: str, who: Who) -> None:
    """Compare everything that lists ``register`` with what the specification shows ``who``."""
    if who.role not in oracle.SEES[register]:
        return
    mine = {f.id for f in run.world.facts[register] if rules.sees(who, f)}
    paths = {o.id: o for o in operations}
    name = register.replace("-", "_")
    listing = paths[f"{name}_list"].path
    facet = _FACET.get(register, "state")
    query = f"limit=500&count=true&facets={facet}"
    told = await _ask(run, who, listing, query)
    page = told.json()
    _same(run, f"{name}_list by {who.role}", {item["id"] for item in page["items"]}, mine)
    if page["total"] != len(mine):
        run.note("grant", f"{name}_list by {who.role}: counts {page['total']} of {len(mine)}")
    counted = sum(one["count"] for one in page["facets"][facet])
    if counted != len(mine) and not (who.role == oracle.P and counted < len(mine)):
        run.note("grant", f"{name}_list by {who.role}: facets count {counted} of {len(mine)}")
    small = [one for one in page["facets"][facet] if one["count"] < _LEAST_UPWARD]
    if who.role == oracle.P and small:
        run.note("grant", f"{name}_list by {who.role}: tells groups of {small}")
    found = await _ask(run, who, listing, f"limit=500&count=true&q={quote('样例')}")
    hits = {item["id"] for item in found.json()["items"]}
    named = {f.id for f in run.world.places[register].values()} & mine
    _within(run, f"{name} search by {who.role}", hits, mine)
    if register != "service-log" and not named <= hits:
        run.note("denial", f"{name} search by {who.role}: finds {len(hits)} of {len(named)}")
    fed = await _ask(run, who, paths[f"{name}_changes"].path, "limit=500")
    copies = {f.id for f in run.world.standing[register].values()}  # nobody wrote them
    told_of = {e["id"] for e in fed.json()["items"]} | mine & copies
    _same(run, f"{name}_changes by {who.role}", told_of, mine)
    if who.role in oracle.MAY[register]["export"]:
        path = paths[f"{name}_export"].filled(form="jsonl")
        lines = (await _ask(run, who, path, "")).body.splitlines()
        _same(run, f"{name}_export by {who.role}", {json.loads(li).get("id") for li in lines}, mine)


async def _ask(run: Run, who: Who, path: str, query: str) -> Answer:
    told = await run.answer(who.role, Question("GET", path, query))
    run.asked += 1
    run.probes += 1
    for planted in leaks(who.role, told.body):
        run.note("grant", f"GET {path}?{query} by {who.role}: shows {planted}")
    if told.status != 200:
        run.note("denial", f"GET {path}?{query} by {who.role}: {told.status} {told.body[:200]!r}")
        return Answer(200, (), b'{"items":[],"total":-1,"facets":{"state":[],"kind":[]}}')
    return told


def _same(run: Run, name: str, found: set[str], mine: set[str]) -> None:
    _within(run, name, found, mine)
    if mine - found:
        run.note("denial", f"{name}: leaves out {len(mine - found)} of {len(mine)}")


def _within(run: Run, name: str, found: set[str], mine: set[str]) -> None:
    if found - mine:
        run.note("grant", f"{name}: shows {len(found - mine)} record(s) of others")
