"""A page of a PDF as a picture, made by a child process that may die without hurting anybody."""

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WIDTH = 1400  # pixels: sharp on a laptop, readable when enlarged
_MOST_PIXELS = 4_000_000
_MEMORY = 1_500_000_000  # bytes of the child's address space, the library included
_SECONDS = 8  # of the child's computing time
_PATIENCE = 15.0  # seconds of waiting for it
_LARGEST = 20_000_000  # bytes of a picture
_AT_ONCE = 2
_PNG = b"\x89PNG\r\n\x1a\n"
_CHILD = Path(__file__).with_name("pdf_child.py")


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page of ``pages``; no bytes where there is no such page."""

    pages: int
    png: bytes


@lru_cache
def _turns(_: int) -> asyncio.Semaphore:
    return asyncio.Semaphore(_AT_ONCE)


async def page_picture(pdf: bytes, page: int) -> PagePicture | None:
    """Return page ``page`` (from 1) as a PNG; None when the file cannot be shown."""
    async with _turns(id(asyncio.get_running_loop())):
        told = await _told(pdf, page)
    head, _, body = told.partition(b"\n")
    try:
        said = json.loads(head)
        pages = int(said["pages"])
    except (ValueError, KeyError, TypeError):  # refused, or it died before its last word
        return None
    if body and not body.startswith(_PNG):
        return None
    return PagePicture(pages, body)


async def _told(pdf: bytes, page: int) -> bytes:
    limits = (page, WIDTH, _MOST_PIXELS, _MEMORY, _SECONDS)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(_CHILD), *map(str, limits)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            told, _ = await child.communicate(pdf)
    except TimeoutError:
        return b""
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await asyncio.shield(child.wait())
    return told if child.returncode == 0 and len(told) <= _LARGEST else b""
