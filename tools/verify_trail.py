"""核验审计记录 Check an exported trail without its platform.

verify_trail.py trail.jsonl[.gz] [--key KEY-ID ...] [--anchor heads.jsonl ...]
--key: keys known from elsewhere; --anchor: heads kept elsewhere. Needs Python and cryptography.
"""

import argparse
import gzip
import json
import sys
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

FAULTS, KEYS, SEEN, RETIRED = [], {}, {}, []
plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def check(ok, no, zh, en):
    if not ok:
        FAULTS.append(no)
        print(f"× 第 {no} 号 seal {no}: {zh} | {en}")
    return ok


def sha(value):  # canonical JSON (RFC 8785): these files hold no fractions
    return sha256(plain(value).encode()).hexdigest()


def signed(told, signature, trusted):
    """ES256 over the canonical text; SM2 would be one more branch here."""
    public, raw = KEYS.get(told["key"]), bytes.fromhex(signature)
    check(not trusted or told["key"] in trusted, told.get("no", 0), "密钥不明", "unknown key")
    if not public or told["algorithm"] != "ES256":
        return False
    pair = utils.encode_dss_signature(*(int.from_bytes(n, "big") for n in (raw[:32], raw[32:])))
    try:
        return public.verify(pair, plain(told).encode(), ec.ECDSA(hashes.SHA256())) is None
    except InvalidSignature:
        return False


def header(it, trusted):
    check(it.get("trail") == "park-trail-v1", 0, "格式不明", "unknown format")
    for name, key in it["keys"].items():
        der = bytes.fromhex(key["public"])
        if check(name == f"{key['algorithm']}-{sha256(der).hexdigest()[:32]}", 0, "密钥指纹", name):
            KEYS[name] = serialization.load_der_public_key(der)
    for each in it["retired"]:
        told, at = each["statement"], each["statement"]["at"]
        whole = int(told["month"][:4]) * 12 + int(told["month"][4:]) + 7  # six months after its end
        lawful = (
            told["kind"] == "park-trail-retired-v1" and int(at[:4]) * 12 + int(at[5:7]) >= whole
        )
        if check(signed(told, each["signature"], trusted) and lawful, 0, "归档声明", told["month"]):
            RETIRED.append((told["first"], told["last"]))


def leaf(line):
    if "leaf" in line:  # of a place the reader may not see
        return bytes.fromhex(line["leaf"]), None
    return sha256(b"\0" + plain(line["entry"]).encode()).digest(), line["entry"]["xid"]


def root(level):
    while len(level) > 1:
        pairs = [sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2])]  # noqa: B905
        level = pairs + level[len(level) - len(level) % 2 :]
    return (level[0] if level else sha256(b"").digest()).hex()


def seal(line, held, last, trusted):
    it, no = line["seal"], line["seal"]["no"]
    SEEN[no] = sha(it)
    check(line["hash"] == SEEN[no], no, "散列不符", "its hash")
    good = it["kind"] == "park-trail-seal-v1" and signed(it, line["signature"], trusted)
    check(good, no, "签名不符", "its signature")
    if last:
        check(no == last["no"] + 1, no, "序号中断", f"follows {last['no']}")
        check(it["previous"] == SEEN[last["no"]], no, "链条中断", "does not follow")
        check(it["from"] == last["to"] < it["to"], no, "区间中断", "a gap between seals")
        check(it["sealed_at"] >= last["sealed_at"], no, "时间倒退", "time went back")
    elif no == 1:
        check(it["previous"] == "0" * 64 and it["from"] == 0, no, "起点不符", "not the beginning")
    if len(held) < it["entries"] and any(a <= no <= b for a, b in RETIRED):
        return it
    if check(
        len(held) == it["entries"], no, "条数不符", f"{it['entries']} sealed, {len(held)} there"
    ):
        check(
            root([kept for kept, _ in held]) == it["root"], no, "内容被改", "an entry was changed"
        )
    within = all(xid is None or it["from"] <= xid < it["to"] for _, xid in held)
    check(within, no, "条目错位", "an entry of another second")
    return it


def verify(lines, trusted, anchors):
    held, last, count, end = [], None, {"seals": 0, "entries": 0}, None
    for line in map(json.loads, filter(str.strip, lines)):
        if "trail" in line:
            header(line, trusted)
        elif "seal" in line:
            last, held, count["seals"] = seal(line, held, last, trusted), [], count["seals"] + 1
        elif "end" in line:
            end = line["end"]
        else:
            held.append(leaf(line))
            count["entries"] += 1
    check(end == count, 0, "文件不完整", "the file is cut off")
    for no, known in anchors:
        if no >= min(SEEN, default=0):
            check(SEEN.get(no) == known, no, "与别处留存的不符", "not the head kept elsewhere")
    print(
        f"封印 seals {count['seals']}, 条目 entries {count['entries']}, 未封 not sealed {len(held)}"
    )
    print(f"密钥 key: {', '.join(KEYS)}{'' if trusted else '（未核对 not compared）'}")
    print(
        f"末端 head: {last['no']} {SEEN[last['no']]} {last['sealed_at']}"
        if last
        else "无封印 no seal"
    )


if __name__ == "__main__":
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("file", type=Path)
    asks.add_argument("--key", action="append", default=[])
    asks.add_argument("--anchor", action="append", default=[], type=Path)
    a = asks.parse_args()
    heads = [json.loads(x)["seal"] for f in a.anchor for x in f.read_text("utf-8").splitlines()]
    with (gzip.open if a.file.suffix == ".gz" else open)(a.file, "rt", encoding="utf-8") as lines:
        try:
            verify(lines, a.key, [(it["no"], sha(it)) for it in heads])
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            check(None, 0, "格式错误", f"not a trail: {why!r}")
    print("× 有不符之处 FAILED" if FAULTS else "√ 全部相符 all as it was sealed")
    sys.exit(bool(FAULTS))
