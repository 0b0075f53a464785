"""核验随机抽取 Check a draw without its platform: verify_draw.py bundle.json [--root HASH]."""

import hmac
import json
import sys
from hashlib import sha256
from pathlib import Path


def check(ok, zh, en):
    print(f"{'√' if ok else '× 不符 FAILED:'} {zh} | {en}")
    return ok or sys.exit(1)


def sha(value):  # of canonical JSON (RFC 8785), as these files hold no fractions
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(plain.encode()).hexdigest()


def verify(raw, published=()):
    it = json.loads(raw)
    check(sha256(raw).hexdigest() == sha(it), "每个字节均为规范形式", "every byte is canonical")
    digest, terms, people, log = it.pop("digest"), it["terms"], it["entries"], it["events"]
    check(digest == sha(it), f"摘要 {digest}", "the digest is that of the content")
    nodes, chain, said = [sha(["leaf", e]) for e in people], ["0" * 64], {"beacon": []}
    while len(nodes) > 1:
        nodes = [sha(["node", *nodes[n : n + 2]]) for n in range(0, len(nodes), 2)]
    for event in log:
        chain.append(event.pop("hash"))
        said.setdefault(event["kind"], []).append(event["facts"])
        check(event["prev"] == chain[-2] and sha(event) == chain[-1], "日志相扣", event["kind"])
    pool, seats = {"root": nodes[0], "terms": sha(terms)}, terms["seats"]
    check(said["frozen"] == [pool], f"名单根 {nodes[0]}", "the pool and the terms once frozen")
    sealed = [e["facts"] for e in log[1 : len(terms["parties"]) + 1] if e["kind"] == "committed"]
    told = sorted(said.get("revealed", []), key=lambda f: f["party"])
    kept = [{"party": f["party"], "hash": sha(["park-draw-v1", terms["id"], f])} for f in told]
    whole = said["beacon"] or 0 < len(kept) == len(terms["parties"])
    check(whole and all(k in sealed for k in kept), "承诺均已兑现", "each number was committed to")
    seed = sha(["park-draw-v1", pool, told, said["beacon"]])
    check(said["drawn"] == [{"seed": seed}], f"种子 {seed}", "the seed follows from all of these")
    people.sort(key=lambda e: hmac.digest(seed.encode(), e["id"].encode(), "sha256"))
    order, panel = [e for e in people if not e["excluded"]], [None for _ in seats]
    for n, f in enumerate(said["seated"]):
        left, panel[f["seat"]] = panel[f["seat"]], None
        gone, sits = f["gone"] + [e["id"] for e in panel if e], [e["unit"] for e in panel if e]
        fit = [e for e in order if {*seats[f["seat"]]} <= {*e["strata"]} and e["id"] not in gone]
        free = [sits.count(e["unit"]) < terms["per_unit_max"] for e in fit]
        *over, panel[f["seat"]] = [*fit, None][: [*free, True].index(True) + 1]
        due = f["seat"] == n and not f["gone"] if n < len(seats) else not left or left["id"] in gone
        right = [e and e["id"] for e in [*over, panel[f["seat"]]]] == [*f["passed"], f["by"]]
        check(due and right, f"席位 {f['seat'] + 1}", f"{f['by']} is the first in order who fits")
    first = [said["seated"][n]["by"] for n, _ in enumerate(seats)]
    spare = [e["id"] for e in order if e["id"] not in first][: terms["alternates"]]
    check(it["result"] == {"members": first, "alternates": spare}, "结果", "members and alternates")
    check({*published} <= {nodes[0], digest, *chain[1:]}, "公布值", f"published: {published}")


if __name__ == "__main__":
    sys.excepthook = lambda kind, why, _: print("× 不符 FAILED:", kind.__name__, why)
    verify(Path(sys.argv[1]).read_bytes(), sys.argv[3:])
