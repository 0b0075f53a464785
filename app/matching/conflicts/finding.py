"""A rule that keeps a person away, with the reason as each reader may be told it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.core.labels import T
from app.matching.conflicts.rules import Evidence, Rule

#: Says whether somebody may read the field a finding rests on.
MayRead = Callable[[Evidence], bool]

#: The code and the words for whoever may not know why.
MUST_AVOID = "must_avoid"
_MUST_AVOID = T("应当回避", "Must avoid")
_UNTOLD = T(
    "专家与该事项存在应当回避的情形，依据不在您的查看范围内。",
    "A conflict rule keeps this expert away; what it rests on is not yours to see.",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found. ``untold`` is true where the reader may not know on what it rests."""

    rule: Rule
    facts: Mapping[str, object]
    evidence: Evidence
    since: date | None = None
    until: date | None = None
    untold: bool = False

    @property
    def code(self) -> str:
        """Return the stable code, a neutral one where the rule itself would tell too much."""
        if self.untold and self.rule.kind.discreet is None:
            return MUST_AVOID
        return self.rule.code.value

    @property
    def name(self) -> T:
        """Return what the rule is called."""
        return _MUST_AVOID if self.code == MUST_AVOID else self.rule.name

    @property
    def label(self) -> T:
        """Return the reason with places for the facts."""
        return (self.rule.kind.discreet or _UNTOLD) if self.untold else self.rule.label

    @property
    def source(self) -> str:
        """Return where the rule is laid down."""
        return "" if self.code == MUST_AVOID else self.rule.source

    def reason(self, locale: str) -> str:
        """Return the reason in the reader's language, evidence included."""
        return self.label.filled(locale, self.facts)

    def told(self, may_read: MayRead) -> "Finding":
        """Return the finding as somebody may be told it."""
        if may_read(self.evidence):
            return self
        kept = self.rule.parameters if self.rule.kind.discreet else ()
        said = {k: v for k, v in self.facts.items() if k in kept}
        return replace(self, facts=said, since=None, until=None, untold=True)
