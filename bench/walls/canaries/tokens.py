"""What a canary looks like, where it was put, and finding it again in whatever was emitted."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

#: One pattern finds every canary; the dictionary says which it is.
_FORMS = re.compile(
    rb"199\d{8}(?!\d)|cnry\d{7}(?=@|%40|\(at\))|32\d{15}[\dXx]|KANARI\d{7}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Canary:
    """One planted value: of which field of which record, and whether it lies encrypted."""

    value: str
    register: str
    field: str
    record: str
    secret: bool


@dataclass
class Aviary:
    """All canaries by what is looked for of them, in lower case."""

    by_key: dict[bytes, Canary] = field(default_factory=dict)
    _serial: Iterator[int] = field(default_factory=lambda: count(1))

    def value(self, kind: str) -> str:
        """Return a value nobody else has: ``phone``, ``email``, ``id_number`` or ``text``."""
        number = next(self._serial)
        return {
            "phone": f"199{number:08d}",
            "email": f"cnry{number:07d}@canary.example",
            "id_number": _identity(number),
            "text": f"KANARI{number:07d}",
        }[kind]

    def planted(self, canary: Canary) -> None:
        self.by_key[canary.value.split("@")[0].lower().encode()] = canary

    def in_bytes(self, emitted: bytes) -> set[Canary]:
        """Return the canaries in ``emitted``, inside a workbook too."""
        found = {self.by_key.get(hit.lower()) for hit in _FORMS.findall(emitted)}
        if emitted[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(emitted)) as packed:
                for name in packed.namelist():
                    found |= self.in_bytes(packed.read(name))
        return {one for one in found if one is not None}


def _identity(number: int) -> str:
    """Return an identity number with its check digit (GB 11643)."""
    born = date(1950, 1, 1) + timedelta(days=number // 900)
    body = f"320505{born:%Y%m%d}{number % 900 + 1:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
