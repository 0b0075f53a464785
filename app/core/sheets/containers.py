"""What an uploaded file really is, told by its bytes, and whether it is safe to open."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Literal

from app.core.sheets.refusals import LIMITS, Limits, SheetRefused

Container = Literal["xlsx", "ods", "xls", "text"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|table|meta|head)\b", re.IGNORECASE
)
_CHUNK = 1 << 20
_OVERLAP = 512  # an opening tag of a cell is shorter than this

# The reader keeps a rectangle from the first filled cell to the last, so one cell in the last row
# of a tiny file would cost gigabytes. Formatted blank cells (self-closed) are common down there
# and cost nothing. The quick patterns decide nearly always; only doubt reads cell by cell.
_FAR_ADDRESS = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]*(?:\d{7}|[2-9]\d{5}))')
_FILLED = rb"<(?:\w+:)?c\b[^>]*?\br=\"(%b)\"[^>]*(?<!/)>"
_FAR_FILLED = re.compile(_FILLED % rb"[A-Z]{3}\d+|[A-Z]*(?:\d{7}|[2-9]\d{5})")
_ANY_FILLED = re.compile(_FILLED % rb"[A-Z]+\d+")
_TWO_LETTERS = re.compile(rb' r="([A-Z]{2})\d')
_ROWS_OF_DIGITS = (
    (re.compile(rb' r="[A-Z]*\d{6}'), 199_999),
    (re.compile(rb' r="[A-Z]*\d{5}'), 99_999),
)


def admit(data: bytes, file_name: str, limits: Limits = LIMITS) -> Container:
    """Tell what the file is. Raises SheetRefused for one too big, locked, unsafe or no table."""
    if len(data) > limits.file_bytes:
        raise SheetRefused("file_too_large", {"limit": limits.file_bytes // 1024 // 1024})
    if not data.strip():
        raise SheetRefused("empty_file")
    if data.startswith(_ZIP):
        return _admit_zip(data, limits)
    if data.startswith(_OLE):
        return _admit_ole(data)
    if _HTML.match(data[:256]):
        raise SheetRefused("web_page")
    if file_name.lower().endswith(_TEXT_SUFFIXES):
        return "text"
    raise SheetRefused("not_a_sheet")


def _admit_ole(data: bytes) -> Container:
    """Tell an .xls from a locked .xlsx, a Word file and a file with macros: names are UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise SheetRefused("encrypted")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise SheetRefused("macros")
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book\0")):
        raise SheetRefused("not_a_sheet")
    return "xls"


def _admit_zip(data: bytes, limits: Limits) -> Container:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries, len(data), limits)
            _check_parts({entry.filename.lower() for entry in entries})
            kind = _zip_kind(archive)
            if kind == "xlsx":
                _check_addresses(archive, limits)
            return kind
    except SheetRefused:
        raise
    # zipfile answers hostile archives with any of these
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as error:
        raise SheetRefused("broken") from error
    except (OSError, RuntimeError, KeyError, UnicodeError, OverflowError) as error:
        raise SheetRefused("broken") from error


def _check_sizes(entries: list[zipfile.ZipInfo], file_bytes: int, limits: Limits) -> None:
    """Refuse bombs by the directory alone, before anything is unpacked."""
    if len(entries) > limits.entries:
        raise SheetRefused("zip_bomb")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise SheetRefused("encrypted")
    unzipped = sum(entry.file_size for entry in entries)
    # entries that overlap pack more bytes than the file has
    if unzipped > limits.unzipped_bytes or sum(e.compress_size for e in entries) > file_bytes:
        raise SheetRefused("zip_bomb")
    if unzipped > limits.ratio_from and unzipped > limits.ratio * file_bytes:
        raise SheetRefused("zip_bomb")


def _check_parts(names: set[str]) -> None:
    if any(name.endswith("vbaproject.bin") or "macrosheets/" in name for name in names):
        raise SheetRefused("macros")
    if any(name.startswith("basic/") for name in names):
        raise SheetRefused("macros")


def _zip_kind(archive: zipfile.ZipFile) -> Container:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise SheetRefused("unsupported", {"kind": "xlsb"})
    if "mimetype" in names and archive.read("mimetype").strip() == _ODS:
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in archive.read(manifest):
            raise SheetRefused("encrypted")
        return "ods"
    raise SheetRefused("not_a_sheet")


def _check_addresses(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse a sheet that only addresses make large; unpacking also proves the declared sizes."""
    for name in archive.namelist():
        if not (name.startswith("xl/") and name.endswith(".xml")) or "sharedStrings" in name:
            continue
        rows, columns = 9_999, 26
        for piece in _pieces(archive, name):
            if _FAR_ADDRESS.search(piece) and (far := _FAR_FILLED.search(piece)):
                kind = "columns" if far[1][:3].isalpha() else "rows"
                raise SheetRefused(f"too_many_{kind}", {"limit": getattr(limits, kind)})
            columns = max([columns, *map(_place, set(_TWO_LETTERS.findall(piece)))])
            for pattern, most in _ROWS_OF_DIGITS:
                if rows < most and pattern.search(piece):
                    rows = most
        if rows * columns > limits.cells and _area(archive, name) > limits.cells:
            raise SheetRefused("too_many_cells")


def _place(letters: bytes) -> int:
    """Count a column from 1: A is 1, AA is 27."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _area(archive: zipfile.ZipFile, name: str) -> int:
    """Measure the rectangle that holds every filled cell."""
    rows = columns = 0
    for piece in _pieces(archive, name):
        for address in set(_ANY_FILLED.findall(piece)):
            letters = address.rstrip(b"0123456789")
            rows = max(rows, int(address[len(letters) :]))
            columns = max(columns, _place(letters))
    return rows * columns


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield an entry in overlapping pieces, so that no tag is cut in all of them."""
    tail = b""
    with archive.open(name) as entry:
        while piece := entry.read(_CHUNK):
            yield tail + piece
            tail = piece[-_OVERLAP:]
