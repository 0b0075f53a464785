"""What LibreOffice sees in a workbook, where it is installed."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

OFFICE = shutil.which("soffice")
_NAMES = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE, _OFFICE_NS, _TEXT = (f"{{{_NAMES.format(name)}}}" for name in ("table", "office", "text"))
_GROUPS = tuple(f"{_TABLE}{n}" for n in ("table-rows", "table-header-rows", "table-row-group"))
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def comments(data: bytes, sheet: str, folder: Path) -> dict[tuple[int, int], str]:
    """Return the comments LibreOffice finds: by row from 1 and column from 0."""
    (folder / "x.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    made = ["--headless", "--convert-to", "fods", "--outdir", str(folder), str(folder / "x.xlsx")]
    subprocess.run([str(OFFICE), profile, *made], check=True, capture_output=True, timeout=180)
    root = ET.parse(folder / "x.fods").getroot()  # noqa: S314 -- made here
    page = next(t for t in root.iter(f"{_TABLE}table") if t.get(f"{_TABLE}name") == sheet)
    found: dict[tuple[int, int], str] = {}
    number = 1
    for row in _rows(page):
        at = 0
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            note = cell.find(f"{_OFFICE_NS}annotation")
            if note is not None:
                lines = ("".join(p.itertext()) for p in note.findall(f"{_TEXT}p"))
                found[number, at] = "\n".join(lines)
            at += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        number += int(row.get(f"{_TABLE}number-rows-repeated", "1"))
    return found


def _rows(page: ET.Element) -> Iterator[ET.Element]:
    """Yield the rows of a sheet, not those of tables inside its charts."""
    for child in page:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in _GROUPS:
            yield from _rows(child)


def address(place: tuple[int, int]) -> str:
    """Name a cell as spreadsheets do, up to column Z."""
    return f"{chr(65 + place[1])}{place[0]}"
