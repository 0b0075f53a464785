"""Files as clerks send them: XLSX by cells, OpenDocument, CSV in an office's encoding."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl

CODES = ("91990101MA5A61JT97", "91990101MA506FKE13", "91990101MACELPKL35", "91990101MARA8NU02W")
_NAMES = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text")
)


def xlsx(
    rows: Sequence[Sequence[Any]], *, merged: Sequence[str] = (), title: str = "台账"
) -> bytes:
    """Make a workbook of one sheet."""
    return xlsx_of({title: rows}, merged=merged)


def xlsx_of(sheets: dict[str, Sequence[Sequence[Any]]], *, merged: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        for cell in (cell for line in page.iter_rows() for cell in line):
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that looks like a formula is none
        for area in merged:
            page.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """Make an OpenDocument spreadsheet of texts."""

    def cells(texts: Sequence[str]) -> str:
        return "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>'
            "</table:table-cell>"
            for text in texts
        )

    told = "".join(f"<table:table-row>{cells(texts)}</table:table-row>" for texts in rows)
    content = (
        f'<office:document-content{_NAMES} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="企业">{told}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return target.getvalue()


def csv(rows: Sequence[Sequence[str]], encoding: str) -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def sent(name: str, data: bytes) -> dict[str, Any]:
    """Return a file as an upload takes it."""
    return {"file": (name, data, "application/octet-stream")}
