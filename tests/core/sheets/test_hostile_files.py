"""Files made to hurt, and files merely broken, are refused by name and quickly."""

import io
import time
import zipfile
import zlib

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.sheets.containers import admit
from app.core.sheets.reading import read_grids
from app.core.sheets.refusals import SheetRefused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
QUICKLY = 2.0  # seconds


def a_workbook(extra: dict[str, bytes] | None = None, sheet: str | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["企业名称", "统一社会信用代码"])
    plain = io.BytesIO()
    book.save(plain)
    target = io.BytesIO()
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            body = source.read(name)
            if sheet and name == "xl/worksheets/sheet1.xml":
                head, _, tail = body.partition(b"<sheetData>")
                body = head + f"<sheetData>{sheet}</sheetData>".encode()
                body += tail.partition(b"</sheetData>")[2]
            made.writestr(name, body)
        for name, body in (extra or {}).items():
            made.writestr(name, body)
    return target.getvalue()


def cell(address: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>x</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def a_lying_bomb() -> bytes:
    """A directory that declares few bytes for an entry that unpacks to many."""
    data = a_workbook({"xl/worksheets/sheet9.xml": b" " * 3_000_000})
    size = (3_000_000).to_bytes(4, "little")
    assert data.count(size) >= 1
    return data.replace(size, (3_000).to_bytes(4, "little"))


def entries_that_overlap() -> bytes:
    """Many names for one packed body (CVE-2024-0450)."""
    packed = zlib.compress(b"0" * 1_000_000)[2:-4]
    local = b"PK\x03\x04" + bytes(14) + len(packed).to_bytes(4, "little") + bytes(8)
    central = b""
    for number in range(500):
        name = b"f%03d" % number
        central += b"PK\x01\x02" + bytes(6) + (8).to_bytes(2, "little") + bytes(8)
        central += len(packed).to_bytes(4, "little") + (1_000_000).to_bytes(4, "little")
        central += len(name).to_bytes(2, "little") + bytes(16) + name
    start = len(local) + len(packed)
    count = (500).to_bytes(2, "little")
    end = b"PK\x05\x06" + bytes(4) + count + count
    end += len(central).to_bytes(4, "little") + start.to_bytes(4, "little") + bytes(2)
    return local + packed + central + end


FILES = {
    "a zip bomb": (a_workbook({"xl/big.xml": b" " * 60_000_000}), "zip_bomb"),
    "a bomb that declares little": (a_lying_bomb(), "broken"),
    "overlapping entries": (entries_that_overlap(), "zip_bomb"),
    "too many entries": (a_workbook({f"x/{n}": b"" for n in range(2100)}), "zip_bomb"),
    "a cell in the last row": (
        a_workbook(sheet=row(1, cell("A1")) + row(1048576, cell("A1048576"))),
        "too_many_rows",
    ),
    "a cell in the last column": (a_workbook(sheet=row(1, cell("XFD1"))), "too_many_columns"),
    "a cell without address far below": (
        a_workbook(sheet=row(1, cell("A1")) + '<row r="1048576"><c><v>1</v></c></row>'),
        "too_many_rows",
    ),
    "a rectangle of millions": (
        a_workbook(sheet=row(1, cell("A1")) + row(90000, cell("CV90000"))),
        "too_many_cells",
    ),
    "a wide cell inside the letters": (a_workbook(sheet=row(1, cell("ZZ1"))), "too_many_columns"),
    "macros": (a_workbook({"xl/vbaProject.bin": b"x"}), "macros"),
    "macros of the old kind": (OLE + "_VBA_PROJECT Workbook".encode("utf-16-le"), "macros"),
    "a locked workbook": (OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "a Word file": (OLE + bytes(500) + "WordDocument".encode("utf-16-le"), "not_a_sheet"),
    "a broken old workbook": (OLE + bytes(500) + "Workbook".encode("utf-16-le"), "broken"),
    "a truncated workbook": (a_workbook()[:3000], "broken"),
    "text named .xlsx": ("企业名称,代码".encode(), "not_a_sheet"),
    "a web page named .xls": (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_sheet"),
    "nothing": (b"", "empty_file"),
    "nothing but blanks": (b" \n ", "empty_file"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_refused_by_name_and_quickly(name: str) -> None:
    data, code = FILES[name]
    began = time.perf_counter()

    with pytest.raises(SheetRefused) as refused:
        read_grids(data, "台账.xlsx")

    assert refused.value.code == code
    assert time.perf_counter() - began < QUICKLY


def test_a_zip_without_a_workbook_is_no_sheet() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(SheetRefused, match="not_a_sheet"):
        admit(target.getvalue(), "x.xlsx")


def test_a_binary_workbook_is_told_to_be_saved_otherwise() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.bin", "x")
    with pytest.raises(SheetRefused, match="unsupported"):
        admit(target.getvalue(), "x.xlsb")


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\x03" * 50, b"a,\x07b\n", b"\xff\xfe\x00\xd8"], ids=repr
)
def test_binary_named_csv_is_no_sheet(data: bytes) -> None:
    with pytest.raises(SheetRefused, match="not_a_sheet"):
        read_grids(data, "x.csv")


def test_a_cell_longer_than_a_book_is_refused() -> None:
    with pytest.raises(SheetRefused, match="broken"):
        read_grids(b'name\n"' + b"x" * 200_000 + b'"\n', "x.csv")


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_no_bytes_crash_the_door(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", OLE):
        try:
            admit(start + data, "x.csv")
        except SheetRefused as refused:
            assert refused.code  # noqa: PT017 -- either answer is right, a crash is not


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader_of_text(data: bytes) -> None:
    try:
        read_grids(data, "x.csv")
    except SheetRefused as refused:
        assert refused.code  # noqa: PT017 -- either answer is right, a crash is not
