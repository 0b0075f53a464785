"""Where a canary may be seen: by the specification's own table of fields, not the product's."""

from dataclasses import dataclass, field

from bench.walls.canaries.planting import Planted
from bench.walls.canaries.tokens import Canary
from tests.access import field_oracle, oracle, rules
from tests.access.rules import Who


@dataclass
class Judge:
    """Everything emitted is shown to it; it notes each canary that stands where it should not."""

    planted: Planted
    read: int = 0  # bytes
    emitted: int = 0  # answers, files, tables, log lines
    allowed: int = 0
    wrong: list[str] = field(default_factory=list)

    def answer(self, name: str, who: Who | None, emitted: bytes, *, asked_for: str = "") -> None:
        """Judge an answer; ``asked_for`` names the one record whose values ``who`` asked for."""
        for canary in self._found(emitted):
            if self._may(who, canary, asked_for):
                self.allowed += 1
            else:
                self.wrong.append(f"{name}: {canary.register}.{canary.field} to {who}")

    def nobody(self, name: str, emitted: bytes, *, secret_only: bool = False) -> None:
        """Judge what no canary may stand in: logs, letters, the database's files."""
        for canary in self._found(emitted):
            if canary.secret or not secret_only:
                self.wrong.append(f"{name}: {canary.register}.{canary.field}")

    @property
    def planted_registers(self) -> list[str]:
        return sorted({facts.register for facts in self.planted.facts.values()})

    def some(self, register: str, most: int) -> list[str]:
        """Return some records of a register, near and far, the parties' own among them."""
        found: list[str] = []
        for node in ("east-park", "east", "west-park", "west"):
            found += [facts.id for facts in self.planted.of(register, node)[:most]]
        return found

    def one_of_each_field(self, register: str) -> list[Canary]:
        """Return a canary of every planted field of a register."""
        birds = (c for c in self.planted.aviary.by_key.values() if c.register == register)
        return list({canary.field: canary for canary in birds if canary.record != "new"}.values())

    def forbid(self, canary: Canary) -> None:
        """Take in a canary that nobody is told, not even who wrote it: staff read masks."""
        if canary.secret:
            self.planted.aviary.planted(canary)

    def _found(self, emitted: bytes) -> set[Canary]:
        self.emitted += 1
        self.read += len(emitted)
        return self.planted.aviary.in_bytes(emitted)

    def _may(self, who: Who | None, canary: Canary, asked_for: str) -> bool:
        if who is None or canary.record not in self.planted.facts:
            return False
        facts = self.planted.facts[canary.record]
        if not rules.sees(who, facts):
            return False
        if field_oracle.sight(who.role, canary.register, canary.field) == "plain":
            return True
        may_ask = oracle.MAY[canary.register].get("reveal", oracle.NOBODY)
        near = facts.node in oracle.BELOW[who.node]
        return canary.secret and canary.record == asked_for and who.role in may_ask and near
