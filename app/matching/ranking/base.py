"""The base: an immutable folder of arrays, with the statistics frozen when it was built."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import store
from app.matching.ranking.lexicon import Lexicon
from app.matching.ranking.segment import Postings, Roster, Segment
from app.matching.ranking.store import Texts
from app.matching.ranking.vectors import Vectors
from app.matching.ranking.weights import Weights

FORMAT = 2
_MANIFEST = "manifest.json"
_Part = TypeVar("_Part", Roster, Postings)


class Unreadable(Exception):
    """The folder holds no base that this version of the engine can read."""


@dataclass(frozen=True, slots=True)
class Base:
    segment: Segment
    lexicon: Lexicon
    vectors: Vectors
    profile: NDArray[np.float32]  # one over the length of each candidate's profile
    weights: Weights
    version: str  # of content and weights
    folder: Path

    @classmethod
    def open(cls, folder: Path) -> "Base":
        """Open a base by mmap. Raises Unreadable."""
        try:
            told = json.loads((folder / _MANIFEST).read_text("utf-8"))
            if told["format"] != FORMAT:
                raise Unreadable(f"{folder}: format {told['format']}, not {FORMAT}")
            segment = Segment(
                _read(folder, Roster, "roster"),
                _read(folder, Postings, "postings"),
                *(store.load(folder, name) for name in _SEGMENT_ARRAYS),
            )
            lexicon = Lexicon(
                segment.postings.term,
                store.load(folder, "idf"),
                told["documents"],
                told["mean_length"],
                np.array([told["empty_idf"]], np.float32),
            )
            learnt = Vectors(
                *(store.load(folder, name) for name in ("vector_term", "vector_matrix"))
            )
            profile = store.load(folder, "profile")
            weights = Weights.of(told["weights"])
            return cls(segment, lexicon, learnt, profile, weights, told["version"], folder)
        except (OSError, ValueError, KeyError, TypeError) as failure:
            raise Unreadable(f"{folder}: {failure}") from failure


_SEGMENT_ARRAYS = ("norm", "inverse", "vector", "neighbour", "nearness")


def _read(folder: Path, part: type[_Part], prefix: str) -> _Part:
    found: dict[str, Any] = {}
    for one in fields(part):
        name = f"{prefix}_{one.name}"
        if one.type is Texts:
            data = store.load(folder, f"{name}_data")
            found[one.name] = Texts(data, store.load(folder, f"{name}_start"))
        else:
            found[one.name] = store.load(folder, name)
    return part(**found)


def write_roster(folder: Path, roster: Roster) -> None:
    for one in fields(roster):
        value = getattr(roster, one.name)
        if isinstance(value, Texts):
            store.save(folder, f"roster_{one.name}_data", value.data)
            store.save(folder, f"roster_{one.name}_start", value.start)
        else:
            store.save(folder, f"roster_{one.name}", value)


def seal(folder: Path, lexicon: Lexicon, weights: Weights) -> str:
    """Write the manifest, whose version is the content's hash; the base is readable from now on."""
    names = sorted(path.name for path in folder.glob("*.npy"))
    version = f"{store.digest(folder, names)[:16]}-{weights.version}"
    told = {
        "format": FORMAT,
        "version": version,
        "documents": lexicon.documents,
        "mean_length": lexicon.mean_length,
        "empty_idf": float(lexicon.empty[0]),
        "weights": weights.told(),
    }
    (folder / _MANIFEST).write_text(json.dumps(told, indent=1), "utf-8")
    return version
