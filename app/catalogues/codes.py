"""Code tables: the shipped files, the table they are loaded into, and search over them."""

import csv
import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col

from app.core.text import fold, initials, to_taiwan

SCHEMES = ("industry", "hightech_field", "division")


class CodeValue(SQLModel, table=True):
    """One code of one edition of a scheme; an edition that is replaced stays for old records."""

    __tablename__ = "code_value"

    scheme: str = Field(primary_key=True, max_length=32)
    edition: str = Field(primary_key=True, max_length=64)
    code: str = Field(primary_key=True, max_length=16)
    place: int = Field(description="Order within the edition, from 1")
    parent: str | None = Field(default=None, max_length=16)
    level: int
    name_zh: str
    name_tw: str
    name_en: str
    valid_from: date
    valid_to: date | None = None
    source: str
    content_hash: str = Field(max_length=64, description="SHA-256 of the file it came from")


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code as people see it."""

    code: str
    parent: str | None
    level: int
    name_zh: str
    name_tw: str
    name_en: str

    def label(self, locale: str) -> str:
        """Return the name in ``locale``; a code without an English name reads Chinese."""
        if locale == "en":
            return self.name_en or self.name_zh
        return self.name_tw if locale == "zh-TW" else self.name_zh


@dataclass(frozen=True, slots=True)
class CodePage:
    """Some codes, and where to go on: ``next`` is the ``after`` of the following page."""

    items: list[CodeEntry]
    next: int | None


@dataclass(frozen=True)
class CodeTable:
    """One shipped edition, with the keys that search compares."""

    scheme: str
    edition: str
    valid_from: date
    valid_to: date | None
    source: str
    content_hash: str
    entries: dict[str, CodeEntry]
    folded: dict[str, tuple[str, str]]  # code -> folded name, pinyin initials


class UnknownScheme(LookupError):
    """No code table goes by this name."""


class DamagedFile(ValueError):
    """A shipped code file does not match the hash in its own header."""


@cache
def code_table(scheme: str) -> CodeTable:
    """Read a shipped code table; the second call costs nothing."""
    if scheme not in SCHEMES:
        raise UnknownScheme(scheme)
    file = resources.files("app.catalogues") / "data" / f"{scheme}.csv"
    return parse_code_table(file.read_text(encoding="utf-8"))


def parse_code_table(text: str) -> CodeTable:
    """Read ``# key: value`` lines and the CSV below them, refusing a body that was altered."""
    head: dict[str, str] = {}
    while text.startswith("# "):
        line, _, text = text.partition("\n")
        key, _, value = line.removeprefix("# ").partition(":")
        head[key] = value.strip()
    if hashlib.sha256(text.encode()).hexdigest() != head["sha256"]:
        raise DamagedFile(head["scheme"])
    entries = {
        row["code"]: CodeEntry(
            code=row["code"],
            parent=row["parent"] or None,
            level=int(row["level"]),
            name_zh=row["name_zh"],
            name_tw=to_taiwan(row["name_zh"]),
            name_en=row["name_en"],
        )
        for row in csv.DictReader(io.StringIO(text))
    }
    return CodeTable(
        scheme=head["scheme"],
        edition=head["edition"],
        valid_from=date.fromisoformat(head["valid_from"]),
        valid_to=date.fromisoformat(head["valid_to"]) if head["valid_to"] else None,
        source=head["source"],
        content_hash=head["sha256"],
        entries=entries,
        folded={code: (fold(e.name_zh), initials(e.name_zh)) for code, e in entries.items()},
    )


def load_codes(connection: sa.Connection) -> int:
    """Bring ``code_value`` up to the shipped files; return how many rows were written.

    An edition whose rows already carry the file's hash is left alone, so every start may call
    this. The caller owns the transaction.
    """
    return sum(_load_table(connection, code_table(scheme)) for scheme in SCHEMES)


def _load_table(connection: sa.Connection, shipped: CodeTable) -> int:
    """Replace one edition unless the database has exactly this content."""
    of_edition = (col(CodeValue.scheme) == shipped.scheme) & (
        col(CodeValue.edition) == shipped.edition
    )
    unchanged = sa.select(sa.func.count()).where(
        of_edition, col(CodeValue.content_hash) == shipped.content_hash
    )
    if connection.scalar(unchanged) == len(shipped.entries):
        return 0
    connection.execute(sa.delete(CodeValue).where(of_edition))
    rows = [
        {
            "scheme": shipped.scheme,
            "edition": shipped.edition,
            "code": entry.code,
            "place": place,
            "parent": entry.parent,
            "level": entry.level,
            "name_zh": entry.name_zh,
            "name_tw": entry.name_tw,
            "name_en": entry.name_en,
            "valid_from": shipped.valid_from,
            "valid_to": shipped.valid_to,
            "source": shipped.source,
            "content_hash": shipped.content_hash,
        }
        for place, entry in enumerate(shipped.entries.values(), start=1)
    ]
    connection.execute(sa.insert(CodeValue), rows)
    return len(rows)


def find_code(scheme: str, code: str) -> CodeEntry | None:
    """Return one code, or None if the scheme's current edition has no such code."""
    return code_table(scheme).entries.get(code)


def code_by_name(scheme: str, name: str) -> CodeEntry | None:
    """Return the deepest code of exactly this name, in either script; None if there is none."""
    table = code_table(scheme)
    wanted = fold(name)
    same = (table.entries[code] for code, (folded, _) in table.folded.items() if folded == wanted)
    return max(same, key=lambda entry: entry.level, default=None)


def code_label(scheme: str, code: str, locale: str) -> str | None:
    """Return the name of a code in ``locale``."""
    entry = find_code(scheme, code)
    return entry.label(locale) if entry else None


def find_codes(
    scheme: str,
    q: str | None = None,
    parent: str | None = None,
    limit: int = 50,
    after: int = 0,
) -> CodePage:
    """Search a scheme by code prefix, part of the name in either script, or pinyin initials.

    ``parent=""`` gives the top level, ``parent=None`` any level. Without ``q`` the order is the
    scheme's own; with it, an exact code comes first, then codes, names and initials that begin
    with it, then names that contain it.
    """
    table = code_table(scheme)
    found = [
        entry
        for entry in table.entries.values()
        if parent is None or (entry.parent or "") == parent.strip().upper()
    ]
    if q and (wanted := fold(q)):
        if scheme == "industry":
            wanted = re.sub(r"^[a-t](?=\d{2,4}$)", "", wanted)
        ranked = [(rank, e) for e in found if (rank := _rank(table, e, wanted)) is not None]
        found = [entry for _, entry in sorted(ranked, key=lambda pair: pair[0])]
    page = found[after : after + limit]
    rest = after + limit
    return CodePage(items=page, next=rest if rest < len(found) else None)


def _rank(table: CodeTable, entry: CodeEntry, wanted: str) -> int | None:
    """Say how well an entry answers a search: 0 is best, None is not at all."""
    name, letters = table.folded[entry.code]
    code = entry.code.lower()
    answers = (
        code == wanted,
        code.startswith(wanted),
        name.startswith(wanted),
        letters.startswith(wanted),
        wanted in name,
        wanted in fold(entry.name_en),
    )
    return next((rank for rank, hit in enumerate(answers) if hit), None)


def industry(code: str) -> str | None:
    """Normalise an industry code: C3562 and 3562 give 3562, C gives C; None if there is none.

    The letter in front of digits must be the right one: A3562 is a mistake, not a code.
    """
    written = unicodedata.normalize("NFKC", code).strip().upper()
    parts = re.fullmatch(r"([A-T]?)(\d{2,4})|([A-T])", written, re.ASCII)
    if parts is None:
        return None
    letter, digits, section = parts.groups()
    if section:
        return str(section)
    if digits not in code_table("industry").entries:
        return None
    return str(digits) if letter in ("", industry_section(digits)) else None


def industry_path(code: str) -> tuple[str, ...]:
    """Give a code with all above it, from the letter down: C, 35, 356, 3562; () if unknown."""
    entries = code_table("industry").entries
    path: list[str] = []
    at = entries.get(code.strip().upper())
    while at is not None:
        path.insert(0, at.code)
        at = entries.get(at.parent) if at.parent else None
    return tuple(path)


def industry_section(code: str) -> str | None:
    """Derive the letter of the section (门类) an industry code stands in."""
    path = industry_path(code)
    return path[0] if path else None
