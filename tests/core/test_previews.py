"""Pages of a PDF as pictures; a file that is made to hurt costs a preview and nothing else."""

import struct
import time
import zlib

import pytest

from app.core import previews
from app.core.previews import page_picture


def a_pdf(pages: int = 3, size: str = "0 0 595 842", content: bytes | None = None) -> bytes:
    """Write a PDF by hand: each page says its number in large letters."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n in range(pages):
        said = content or b"BT /F1 40 Tf 80 700 Td (Page %d) Tj ET" % (n + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [" + size.encode() + b"] /Resources"
            b" << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * n)
        )
        objects.append(b"<< /Length %d >>\nstream\n" % len(said) + said + b"\nendstream")
    made, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + end


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


async def test_each_page_becomes_its_own_picture() -> None:
    one, two = await page_picture(a_pdf(), 1), await page_picture(a_pdf(), 2)
    assert one is not None
    assert two is not None
    assert (one.pages, two.pages) == (3, 3)
    assert one.png != two.png
    width, height = size_of(one.png)
    assert width == previews.WIDTH
    assert 1.40 < height / width < 1.43
    start = one.png.index(b"IDAT")
    (length,) = struct.unpack(">I", one.png[start - 4 : start])
    pixels = zlib.decompress(one.png[start + 4 : start + 4 + length])
    assert len(pixels) == height * (3 * width + 1)
    assert len(set(pixels)) > 2  # something is written on it


async def test_a_page_that_is_not_there_has_no_picture() -> None:
    found = await page_picture(a_pdf(), 4)
    assert found == previews.PagePicture(3, b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.4 and then nothing of the kind",
        a_pdf()[:300],
        a_pdf(size="0 0 999999999 999999999"),
        a_pdf(size="0 0 0 0"),
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj trailer<</Root 1 0 R>>",
        b"\x00" * 100_000,
    ],
)
async def test_a_broken_or_crafted_file_is_refused(data: bytes) -> None:
    found = await page_picture(data, 1)
    assert found is None or size_of(found.png) < (10_000, 10_000)


async def test_a_file_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "_SECONDS", 1)
    monkeypatch.setattr(previews, "_PATIENCE", 4.0)
    endless = b"q 1 0 0 1 0 0 cm " + b"0 0 m 595 842 l 0 842 l 595 0 l f* " * 400_000
    began = time.monotonic()
    await page_picture(a_pdf(1, content=endless), 1)
    assert time.monotonic() - began < 8


async def test_no_more_memory_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "_MEMORY", 20_000_000)
    assert await page_picture(a_pdf(), 1) is None
