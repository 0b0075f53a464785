"""What lies still: every table as a dump has it, and every file of the installation."""

from pathlib import Path

import sqlalchemy as sa

from bench.walls.canaries.judging import Judge

#: Where a value that lies encrypted must not stand, nor one that is restricted.
_FOR_ALL = ("notification", "search_document", "published", "audit_entry", "job", "task_run")
_CHUNK = 1 << 24
_OVERLAP = 64  # bytes; a canary across the edge of two chunks


def tables(judge: Judge, owner: sa.Engine) -> int:
    """Judge every table as text, sequences and large objects aside; return how many there were."""
    with owner.connect() as connection:
        names = connection.execute(
            sa.text(
                "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = 'public'"
            )
        )
        found = sorted(str(name) for name in names.scalars())
        for name in found:
            rows = connection.execute(sa.text(f'SELECT t::text FROM "{name}" t')).scalars()
            told = "\n".join(str(row) for row in rows).encode()
            judge.nobody(f"table {name}", told, secret_only=name not in _FOR_ALL)
    return len(found)


def files(judge: Judge, *folders: Path) -> int:
    """Judge every file below ``folders`` byte by byte: data, indexes, write-ahead log."""
    seen = 0
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_symlink() or not path.is_file():
                continue
            seen += 1
            with path.open("rb") as file:
                tail = b""
                while chunk := file.read(_CHUNK):
                    judge.nobody(f"file {path.name}", tail + chunk, secret_only=True)
                    tail = chunk[-_OVERLAP:]
    return seen
