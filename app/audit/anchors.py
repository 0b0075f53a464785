"""Heads of other nodes' trails: kept here, so that their owners cannot rewrite what they sealed.

The exchange between nodes carries a head as it carries any other signed line; media, mail or a
printed page do as well. What is received is checked before it is kept.
"""

import json
from typing import Any

from app.audit.bundles import Line
from app.audit.leaves import canonical
from app.audit.sealing import Connection
from app.audit.seals import SEAL, digest, instant
from app.core.clock import now
from app.core.labels import T
from app.core.settings import InstallationError
from app.core.signatures import holds, key_id

_KEPT = """
SELECT no, hash, key_id, sealed_at FROM trail_anchor WHERE origin = %s ORDER BY no DESC LIMIT 1"""
_SAME = "SELECT hash FROM trail_anchor WHERE origin = %s AND no = %s"
_KEEP = """
INSERT INTO trail_anchor (origin, no, hash, key_id, head, sealed_at, received_at)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""

_FORGED = T(
    "签名不符，没有收下；请向对方重新取得后再试。",
    "The signature does not hold; it was not kept. Ask them for it again.",
)
_OTHER_KEY = T(
    "密钥与上次不同（{old} → {new}），没有收下；请先与对方当面核对新密钥，再用 --trust 指明。",
    "Another key than last time ({old} → {new}); it was not kept. Compare the new key with them in"
    " person, then name it with --trust.",
)
_FORKED = T(
    "对方第 {no} 号封印与此前收到的不同：其审计记录曾被改写，没有收下。"
    "请立即联系对方的审计管理员。",
    "Their seal {no} is another than the one received before: their trail was rewritten. It was not"
    " kept; speak to their audit administrator at once.",
)
_BACK = T(
    "对方的封印从第 {old} 号退回到第 {no} 号：其数据库曾被恢复到旧备份或截断，没有收下。"
    "请联系对方的审计管理员。",
    "Their seals went back from {old} to {no}: their database was cut or put back to an older copy."
    " It was not kept; speak to their audit administrator.",
)


class AnchorRefused(InstallationError):
    """A head that is not what it says, or contradicts an earlier one; the text says how."""

    def __init__(self, what: T, **params: object) -> None:
        super().__init__(f"{what.filled('zh-CN', params)} {what.filled('en', params)}")


def receive(
    connection: Connection, origin: str, head: Line, trust: str | None = None
) -> dict[str, Any]:
    """Check the head of ``origin``'s trail and keep it. Raises AnchorRefused.

    The first head of an origin decides which key is its own; ``trust`` names another.
    """
    told = checked(head)
    with connection.transaction():
        kept = connection.execute(_KEPT, (origin,)).fetchone()
        same = connection.execute(_SAME, (origin, told["no"])).fetchone()
        if kept is not None and told["key"] not in {kept[2], trust}:
            raise AnchorRefused(_OTHER_KEY, old=kept[2], new=told["key"])
        if same is not None and bytes(same[0]).hex() != digest(told):
            raise AnchorRefused(_FORKED, no=told["no"])
        if kept is not None and told["no"] < kept[0] and told["sealed_at"] > instant(kept[3]):
            raise AnchorRefused(_BACK, old=kept[0], no=told["no"])
        values = (
            origin,
            told["no"],
            bytes.fromhex(digest(told)),
            told["key"],
            canonical(head).decode(),
            told["sealed_at"],
            now(),
        )
        connection.execute(_KEEP, values)
    return told


def checked(head: Line) -> dict[str, Any]:
    """Return what a head says, when its own key signed it. Raises AnchorRefused."""
    told: dict[str, Any] = {}
    try:
        told = head["seal"]
        public = bytes.fromhex(head["public"])
        signature = bytes.fromhex(head["signature"])
        named = told["key"] == key_id(told["algorithm"], public)
        good = holds(told["algorithm"], public, signature, canonical(told))
        sound = named and good and told["kind"] == SEAL and isinstance(told["no"], int)
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise AnchorRefused(_FORGED)
    return told


def kept(connection: Connection, origin: str) -> list[Line]:
    """Return the heads kept for ``origin``: what its auditor needs to check its own trail."""
    found = connection.execute(
        "SELECT head FROM trail_anchor WHERE origin = %s ORDER BY no", (origin,)
    )
    return [json.loads(row[0]) for row in found.fetchall()]
