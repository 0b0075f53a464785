"""Arrays in a folder, one .npy file each, opened by mmap so that every worker shares the pages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts as one run of UTF-8 and the places where each begins."""

    data: NDArray[np.uint8]
    start: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        cut = [text.encode("utf-8", "replace") for text in texts]
        start = np.concatenate([[0], np.cumsum([len(one) for one in cut])]).astype(np.int64)
        return cls(np.frombuffer(b"".join(cut), np.uint8), start)

    def __len__(self) -> int:
        return len(self.start) - 1

    def __getitem__(self, place: int) -> str:
        return self.data[self.start[place] : self.start[place + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        whole = self.data.tobytes()
        borders = self.start.tolist()
        for place, begin in enumerate(borders[:-1]):
            yield whole[begin : borders[place + 1]].decode()


def save(folder: Path, name: str, array: Array) -> None:
    np.save(folder / f"{name}.npy", array, allow_pickle=False)


def load(folder: Path, name: str) -> Array:
    """Open an array by mmap; an empty one cannot be mapped and is read.

    Copy-on-write: nobody writes, so the pages stay shared, and to the compiled loops the array is
    of the same type as one in memory, so that they are compiled once and not twice.
    """
    path = folder / f"{name}.npy"
    try:
        found: Array = np.load(path, mmap_mode="c", allow_pickle=False)
    except ValueError:
        found = np.load(path, allow_pickle=False)
    return np.asarray(found)  # a plain array over the mapped pages: its slices are faster


def digest(folder: Path, names: Iterable[str]) -> str:
    """Hash the content of files in the order given."""
    told = blake2b(digest_size=12)
    for name in names:
        told.update(name.encode())
        with (folder / name).open("rb") as file:
            while block := file.read(1 << 22):
                told.update(block)
    return told.hexdigest()


def create(folder: Path, name: str, dtype: Any, shape: int | tuple[int, ...]) -> Array:
    """Make an array on disk to be written in pieces; an empty one is only a file."""
    path = folder / f"{name}.npy"
    whole = shape if isinstance(shape, tuple) else (shape,)
    if 0 in whole:
        save(folder, name, np.empty(whole, dtype))
        return np.empty(whole, dtype)
    return np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=whole)
