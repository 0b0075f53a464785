"""The clerk's own file back, with a comment in every cell that has to be mended.

A workbook of Excel keeps everything else as it was; what is no such workbook (CSV, .xls, .ods)
comes back as one, its cells as they were read.
"""

import io
import zipfile
from collections.abc import Mapping

from app.core.sheets.containers import admit
from app.core.sheets.marking_cells import Place, SheetPatch, Styles, merged_areas
from app.core.sheets.marking_notes import add_boxes, add_comments
from app.core.sheets.ooxml import Attributes, Package, Unpatchable, walk
from app.core.sheets.raw_writing import write_marked
from app.core.sheets.reading import read_grids
from app.core.sheets.refusals import LIMITS, Limits

_WORKBOOK = "xl/workbook.xml"


def marked(
    data: bytes,
    file_name: str,
    sheet: str,
    notes: Mapping[Place, str],
    author: str,
    limits: Limits = LIMITS,
) -> bytes:
    """Return the file as .xlsx with ``notes`` as comments at (row from 1, column from 0).

    Raises SheetRefused.
    """
    if admit(data, file_name, limits) == "xlsx" and notes:
        try:
            return _patched(data, sheet, notes, author)
        except (Unpatchable, ValueError, KeyError, zipfile.BadZipFile):
            pass  # written in an unusual way: its cells at least are kept
    if not notes and data.startswith(b"PK") and admit(data, file_name, limits) == "xlsx":
        return data
    target = io.BytesIO()
    write_marked(target, read_grids(data, file_name, limits), sheet, notes, author)
    return target.getvalue()


def _patched(data: bytes, sheet: str, notes: Mapping[Place, str], author: str) -> bytes:
    package = Package.opened(data)
    page = _part_of(package, sheet)
    style_part = _related(package, "styles")
    seen = _where_seen(package.part(page), notes)
    wanted: dict[int, list[int]] = {}
    for row, column in sorted(seen):
        wanted.setdefault(row, []).append(column)
    styles = Styles(package.part(style_part))
    patch = SheetPatch(package.part(page), styles, wanted)
    had = add_comments(package, page, seen, author)
    boxed = {place: text for place, text in seen.items() if place not in had}
    drawing = add_boxes(package, page, patch.drawing, boxed)
    if drawing is not None:
        patch.draw(drawing)
    package.parts[page] = patch.patch.done()
    package.parts[style_part] = styles.done()
    return package.saved()


def _where_seen(data: bytes, notes: Mapping[Place, str]) -> dict[Place, str]:
    """Return notes by the cell that shows them: of a merged area only the first does."""
    areas = merged_areas(data)
    seen: dict[Place, str] = {}
    for place, text in notes.items():
        shows = next((a for a, b in areas if _within(place, a, b)), place)
        seen[shows] = f"{seen[shows]}\n{text}" if shows in seen else text
    return seen


def _within(place: Place, first: Place, last: Place) -> bool:
    return first[0] <= place[0] <= last[0] and first[1] <= place[1] <= last[1]


def _part_of(package: Package, sheet: str) -> str:
    ids: list[str] = []

    def started(name: str, told: Attributes, _: int) -> None:
        if name == "sheet" and told.get("name") == sheet:
            ids.extend(value for key, value in told.items() if key.endswith(":id"))

    walk(package.part(_WORKBOOK), started, lambda *_: None)
    relations = package.relations(_WORKBOOK)
    if not ids or ids[0] not in relations:
        raise Unpatchable(sheet)
    return relations[ids[0]][1]


def _related(package: Package, kind: str) -> str:
    found = [target for told, target in package.relations(_WORKBOOK).values() if told == kind]
    if not found:
        raise Unpatchable(kind)
    return found[0]
