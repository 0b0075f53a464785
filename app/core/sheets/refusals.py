"""Why a file as a whole cannot be taken, and how much of one may be."""

from collections.abc import Mapping
from dataclasses import dataclass


class SheetRefused(Exception):
    """The file cannot be read as a table; ``code`` is stable, ``params`` fill its message."""

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = params or {}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold; the defaults fit a province's ledger, not a database dump."""

    file_bytes: int = 32 * 1024 * 1024
    rows: int = 120_000
    columns: int = 400
    cells: int = 6_000_000  # of all sheets together, blanks between filled cells counted
    sheets: int = 40
    entries: int = 2_000  # files inside the zip
    unzipped_bytes: int = 200 * 1024 * 1024
    # XML of a sheet packs 10 to 40 times; blank formatted rows more, a bomb about 1000 times
    ratio: int = 150
    ratio_from: int = 20 * 1024 * 1024  # below this a ratio harms nobody
    reader_memory: int = 1024 * 1024 * 1024
    reader_seconds: int = 30


LIMITS = Limits()
