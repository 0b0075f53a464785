"""回避: which rules keep a person away from a matter, each a function of plain facts.

They are applied before anything is ranked and again before anybody is chosen, drawn or invited.
What a person declared and what is computed from the records are rules of their own. Missing or
wrong identity data blocks: it never passes.
"""

from app.matching.conflicts.checker import Checker, Screen, findings
from app.matching.conflicts.checks import years_after, years_before
from app.matching.conflicts.finding import MUST_AVOID, Finding, MayRead
from app.matching.conflicts.kinds import BUILT_IN, KINDS
from app.matching.conflicts.likeness import likeness
from app.matching.conflicts.matter import Matter, Similar
from app.matching.conflicts.refusal import MustAvoid
from app.matching.conflicts.rules import (
    Code,
    Evidence,
    Kind,
    OwnRule,
    Parameter,
    Purpose,
    Rule,
    RuleSet,
    rule_set,
)

__all__ = [
    "BUILT_IN",
    "KINDS",
    "MUST_AVOID",
    "Checker",
    "Code",
    "Evidence",
    "Finding",
    "Kind",
    "Matter",
    "MayRead",
    "MustAvoid",
    "OwnRule",
    "Parameter",
    "Purpose",
    "Rule",
    "RuleSet",
    "Screen",
    "Similar",
    "findings",
    "likeness",
    "rule_set",
    "years_after",
    "years_before",
]
