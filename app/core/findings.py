"""What `park doctor` says: a grade, what was seen, and what to do about it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.core.labels import T

Grade = Literal["ok", "warn", "bad"]
MARKS: dict[Grade, str] = {"ok": "✓", "warn": "!", "bad": "✗"}

_HEALTHY = T("没有发现问题。", "Nothing is wrong.")
_WARNED = T("没有严重问题，有 {warn} 处值得注意。", "Nothing serious; {warn} point(s) to look at.")
_BROKEN = T(
    "有 {bad} 处必须处理，另有 {warn} 处值得注意。",
    "{bad} point(s) must be mended, {warn} more to look at.",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    check: str
    grade: Grade
    seen: T
    advice: T | None = None
    params: Mapping[str, object] = field(default_factory=dict)

    def shown(self, locale: str) -> dict[str, object]:
        advice = self.advice.filled(locale, self.params) if self.advice else None
        return {
            "check": self.check,
            "grade": self.grade,
            "seen": self.seen.filled(locale, self.params),
            "advice": None if self.grade == "ok" else advice,
        }


def told(findings: Sequence[Finding], locale: str, *, as_json: bool) -> str:
    """All findings as text for a person, or as JSON for a program."""
    rows = [finding.shown(locale) for finding in findings]
    if as_json:
        return json.dumps(rows, ensure_ascii=False, indent=1)
    counts: dict[str, object] = {grade: sum(f.grade == grade for f in findings) for grade in MARKS}
    verdict = _BROKEN if counts["bad"] else _WARNED if counts["warn"] else _HEALTHY
    lines: list[str] = []
    for finding, row in zip(findings, rows, strict=True):
        lines.append(f"{MARKS[finding.grade]} {row['seen']}")
        if row["advice"]:
            lines.append(f"    → {row['advice']}")
    return "\n".join([*lines, "", verdict.filled(locale, counts)])
