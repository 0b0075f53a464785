"""Which experts are of one unit: under one name, one code, or a department of the same house."""

from collections.abc import Sequence

from app.matching.drawing.pool import fresh
from app.matching.names import keys_of, sound_code
from app.matching.parties import Person


def pseudonyms(people: Sequence[Person]) -> list[str]:
    """Return a unit's random name for each of ``people``, the same for those of one unit."""
    parent = list(range(len(people)))

    def head(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    met: dict[tuple[str, str], int] = {}
    for place, person in enumerate(people):
        for key in _keys(person):
            parent[head(place)] = head(met.setdefault(key, place))
    names: dict[int, str] = {}
    return [names.setdefault(head(place), fresh(8)) for place in range(len(people))]


def _keys(person: Person) -> list[tuple[str, str]]:
    code = sound_code(person.body.uscc)
    keys = keys_of(person.body.name)
    found = [("code", code)] if code else []
    return found + [("name", key) for key in sorted(keys.exact | keys.heads)]
