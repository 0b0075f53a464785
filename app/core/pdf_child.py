"""The renderer's own process: one page of a PDF from stdin becomes a PNG on stdout.

A crafted file may crash or hold up the library; here that costs one preview, not a server. Run by
file path with ``-I``, so it imports nothing of the application; it opens no file and no network.
The answer is one line of JSON, then the bytes of the picture.
"""

import io
import json
import struct
import sys
import zlib

_LEAST_SCALE = 0.1
_GROWTH = 64 * 1024 * 1024  # bytes: a page of 4 million pixels, its picture, and what it is made of
_SMALLEST, _LARGEST = 1, 14_400  # points of a page's side, as PDF allows


def _limit_resources(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:
        return
    for kind, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),  # pipes are no files
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def _limit_growth(more: int) -> None:
    """Let the process hold ``more`` bytes above what it holds now: streams unpack without end."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 -- few imports
            held = int(told.read().split()[5]) * resource.getpagesize()
    except (ImportError, OSError):
        return
    resource.setrlimit(resource.RLIMIT_DATA, (held + more, held + more))


def _say(told: dict[str, object], body: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, stride: int, pixels: bytes) -> bytes:
    """Write rows of RGB as a PNG without filters: text on white packs well enough."""
    rows = b"".join(
        b"\0" + pixels[start : start + 3 * width] for start in range(0, stride * height, stride)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows, 6)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def main(page: int, wide: int, most_pixels: int, memory: int, seconds: int) -> None:
    data = sys.stdin.buffer.read()
    import pypdfium2

    _limit_resources(memory, seconds)
    _limit_growth(_GROWTH)
    try:
        document = pypdfium2.PdfDocument(io.BytesIO(data))
        pages = len(document)
        if not 1 <= page <= pages:
            _say({"pages": pages})
            return
        shown = document[page - 1]
        width, height = shown.get_size()
        if not (_SMALLEST <= width <= _LARGEST and _SMALLEST <= height <= _LARGEST):
            _say({"refused": True})
            return
        scale = min(wide / width, (most_pixels / (width * height)) ** 0.5)
        bitmap = shown.render(scale=max(scale, _LEAST_SCALE), rev_byteorder=True, draw_annots=True)
        if bitmap.n_channels != 3:  # noqa: PLR2004 -- red, green, blue
            _say({"refused": True})
            return
        picture = _png(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        _say({"refused": True})
        return
    _say({"pages": pages, "width": bitmap.width, "height": bitmap.height}, picture)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
