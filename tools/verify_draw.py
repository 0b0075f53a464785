"""核验随机抽取 Check a draw without its platform: verify_draw.py bundle.json [--root HASH ...]."""

import hmac
import json
import sys
from hashlib import sha256
from pathlib import Path


def check(ok, zh, en):
    return print(f"{'√' if ok else '× 不符 FAILED:'} {zh} | {en}") or ok or sys.exit(1)


def verify(raw, published=()):
    plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

    def sha(value):  # of canonical JSON (RFC 8785), as these files hold no fractions
        return sha256(plain(value).encode()).hexdigest()

    it, away, chain, said = json.loads(raw), set(), ["0" * 64], {"beacon": []}
    check([sha(it), seal := it.pop("digest")] == [sha256(raw).hexdigest(), sha(it)], "摘要", seal)
    terms, log, nodes = it["terms"], it["events"], [sha(["leaf", e]) for e in it["entries"]]
    while len(nodes) > 1:
        nodes = [sha(["node", *nodes[n : n + 2]]) for n in range(0, len(nodes), 2)]
    for event in log:
        kind, f, _ = event["kind"], event["facts"], chain.append(event.pop("hash"))
        said.setdefault(kind, []).append(f)
        away |= {f[k] for k in f if f"{kind} {k}" in ("seated left", "withdrawn gone")}
        known = kind != "seated" or {*f["gone"]} == away  # nobody is gone who did not leave
        check(known and [event["prev"], sha(event)] == chain[-2:], "日志相扣", kind)
    pool, seats = {"root": nodes[0], "terms": sha(terms)}, terms["seats"]
    check(said["frozen"] == [pool], f"名单根 {nodes[0]}", "the pool and the terms once frozen")
    sealed = [e["facts"] for e in log[1 : len(terms["parties"]) + 1] if e["kind"] == "committed"]
    told = sorted(said.get("revealed", []), key=lambda f: f["party"])
    kept = [{"party": f["party"], "hash": sha(["park-draw-v1", terms["id"], f])} for f in told]
    whole = said["beacon"] or [f["party"] for f in told] == terms["parties"] != []
    check(whole and all(k in sealed for k in kept), "承诺均已兑现", "each number was committed to")
    seed = sha(["park-draw-v1", pool, told, said["beacon"]])
    check(said["drawn"] == [{"seed": seed}], f"种子 {seed}", "the seed follows from all of these")
    order, panel = [e for e in it["entries"] if not e["excluded"]], [None for _ in seats]
    order.sort(key=lambda e: hmac.digest(seed.encode(), e["id"].encode(), "sha256"))
    for n, f in enumerate(said["seated"]):
        left, panel[f["seat"]], needs = panel[f["seat"]], None, {*seats[f["seat"]]}
        gone, sits = f["gone"] + [e["id"] for e in panel if e], [e["unit"] for e in panel if e]
        fit = [e for e in order if needs.issubset(e["strata"]) and e["id"] not in gone]
        free = (k for k, e in enumerate(fit) if sits.count(e["unit"]) < terms["per_unit_max"])
        *over, panel[f["seat"]] = [*fit, None][: next(free, len(fit)) + 1]
        due = f["seat"] == n and not f["gone"] if n < len(seats) else left["id"] == f["left"]
        right = [e and e["id"] for e in [*over, panel[f["seat"]]]] == [*f["passed"], f["by"]]
        check(due and right, f"席位 {f['seat'] + 1}", f"{f['by']} is the first in order who fits")
    first = [said["seated"][n]["by"] for n, _ in enumerate(seats)]
    spare = [e["id"] for e in order if e["id"] not in first][: terms["alternates"]]
    check(it["result"] == {"members": first, "alternates": spare}, "结果", "members and alternates")
    check({*published} <= {nodes[0], seal, *chain[1:]}, "公布值", f"published: {published}")


if __name__ == "__main__":
    a, sys.excepthook = sys.argv[1:], lambda kind, why, _: print("× 不符 FAILED:", kind, why)
    ok = a and (not a[1:] or (a[1] == "--root" and "".join(a[2:]).isalnum()))
    verify(Path(a[0]).read_bytes(), a[2:]) if ok else sys.exit(print(__doc__) or 2)
