"""The frozen pool: one pseudonymous, salted entry for each expert, qualified or not."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.matching.drawing import merkle

TECHNICAL, FINANCE, OFFSITE = "technical", "finance", "offsite"
STRATA = (FINANCE, OFFSITE, TECHNICAL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as the public sees them. ``excluded`` holds the codes of all rules that say no."""

    id: str
    unit: str
    strata: tuple[str, ...]
    excluded: tuple[str, ...]
    salt: str

    def told(self) -> dict[str, Any]:
        """Return the entry as it stands in the bundle and under the root."""
        return {
            "id": self.id,
            "unit": self.unit,
            "strata": sorted(self.strata),
            "excluded": sorted(self.excluded),
            "salt": self.salt,
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Entry":
        return cls(
            told["id"], told["unit"], tuple(told["strata"]), tuple(told["excluded"]), told["salt"]
        )


def pseudonym(expert_id: UUID, secret: str) -> str:
    """Return the name an expert bears in one draw.

    It binds the person: whoever holds the secret can check that nobody put another in their place,
    and without it nobody can tell who is meant.
    """
    return hashlib.sha256(f"park-draw-v1|{expert_id}|{secret}".encode()).hexdigest()


def fresh(size: int = 16) -> str:
    """Return a random value in hexadecimal."""
    return secrets.token_hex(size)


def in_place(entries: Iterable[Entry]) -> list[Entry]:
    """Return the pool in its canonical sequence, which tells nothing: that of the pseudonyms."""
    return sorted(entries, key=lambda entry: entry.id)


def root_of(entries: Iterable[Entry]) -> str:
    """Return the Merkle root of the pool."""
    return merkle.root([merkle.leaf(entry.told()) for entry in in_place(entries)])
