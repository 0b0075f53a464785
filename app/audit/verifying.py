"""Checking the trail of this installation, or a file of one."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from app.audit.anchors import AnchorRefused, checked
from app.audit.archives import opened, save
from app.audit.bundles import Line, Wanted, lines, read
from app.audit.checking import Checker, Fault, Report, anchors_of
from app.audit.heads import Notebook
from app.audit.operators import note, owner
from app.audit.sealing import Connection, trail_signer

#: Every version of a record has its line in the same transaction: one without is a line removed
#: before it was sealed. The law's six months are looked at; older lines may lie in archives.
_BARE = """
SELECT count(*) FROM record_version v WHERE v.at > now() - interval '6 months' AND NOT EXISTS (
  SELECT FROM audit_entry a WHERE a.record_id = v.record_id
     AND a.detail->>'version' = v.version::text)"""


def verify_here(anchors: Iterable[Path], keys: Iterable[str]) -> Report:
    """Check the trail of this installation against its key, its notebook and heads given."""
    known = {trail_signer().key_id, *keys}
    heads = [*Notebook().heads(), *_heads(anchors)]
    with owner() as connection:
        checker = Checker(known, anchors_of(ours(heads, known)))
        report = checker.read(lines(connection))
        report.faults += unrecorded(connection)
    return report


def verify_file(file: Path, anchors: Iterable[Path], keys: Iterable[str]) -> Report:
    """Check an export; without ``keys`` any key that signed it is believed."""
    known = set(keys) or None
    with closing(opened(file)) as source:
        return Checker(known, anchors_of(ours(_heads(anchors), known))).read(read(source))


def unrecorded(connection: Connection) -> list[Fault]:
    """Find versions of records whose line in the trail is gone (before it was sealed, too)."""
    bare = connection.execute(_BARE).fetchall()[0][0]
    return [Fault(0, "versions", f"{bare} versions of records have no entry")] if bare else []


def ours(heads: Iterable[Line], known: set[str] | None) -> Iterator[Line]:
    """Yield the heads that a known key signed: anybody may hand in a file."""
    for head in heads:
        try:
            told = checked(head)
        except AnchorRefused:
            continue
        if known is None or told["key"] in known:
            yield head


def export_here(out: Path, wanted: Wanted) -> int:
    """Write the trail to a file and note that in the trail; return the size in bytes."""
    with owner() as connection:
        note(connection, "audit.export", out.name, form="seals")
        return save(lines(connection, wanted), out)


def _heads(files: Iterable[Path]) -> Iterator[Line]:
    for file in files:
        yield from read(file.read_text("utf-8").splitlines())
