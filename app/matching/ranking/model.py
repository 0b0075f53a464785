"""What the engine is told and what it answers, as plain values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import overload


@dataclass(frozen=True, slots=True)
class Document:
    """A text that shows what a candidate can do: a paper, a patent, a project's title."""

    title: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    year: int | None = None
    weight: float = 1.0  # what its owner or a clerk says it counts
    excluded: bool = False  # never indexed: it can neither count nor lend its words to others
    key: str = ""  # how the caller finds it again; the engine only hands it back


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody or something that can be found, with the documents that speak for it."""

    id: str
    documents: tuple[Document, ...] = ()
    fields: tuple[str, ...] = ()  # codes of a classification, the most fitting first
    keywords: tuple[str, ...] = ()  # declared by the candidate
    node: int = 0  # whose library it stands in, for masks


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; every part may be empty."""

    title: str = ""
    text: str = ""
    keywords: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    year: int | None = None  # the year that recency is counted back from; None: it plays no part

    @property
    def document(self) -> Document:
        """The query read as a document: its title and keywords count twice."""
        return Document(self.title, self.text, self.keywords)


@dataclass(frozen=True, slots=True)
class Part:
    """What one component gave; the points of all parts add up to the score."""

    name: str  # bm25 | cosine | vectors | neighbours | field | keyword | embedding
    points: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A document that carried a candidate's score, with its share of the text's points."""

    place: int  # in Candidate.documents, as it was indexed
    key: str
    year: int | None
    share: float


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the query that the candidate's documents share, with its weight among them."""

    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate with what made its score."""

    id: str
    score: float
    parts: tuple[Part, ...]
    documents: tuple[Shown, ...] = ()
    terms: tuple[Term, ...] = ()
    fields: tuple[str, ...] = ()  # the candidate's codes that the query's agree with
    keywords: tuple[str, ...] = ()  # its declared keywords that the query contains
    newest_year: int | None = None
    recency: float = 1.0  # the mean factor that the years of its documents gave


class Hits(Sequence[Hit]):
    """Hits in their order, each explained when it is first looked at: their ids cost nothing."""

    def __init__(self, ids: Sequence[str], explain: Callable[[int], Hit]) -> None:
        self.ids = tuple(ids)
        self._explain = explain
        self._known: dict[int, Hit] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> Hit: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, place: int | slice) -> Hit | tuple[Hit, ...]:
        if isinstance(place, slice):
            return tuple(self[at] for at in range(*place.indices(len(self))))
        at = range(len(self))[place]
        if at not in self._known:
            self._known[at] = self._explain(at)
        return self._known[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # what it explains comes later


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer to a search, with what it was computed from."""

    hits: "Hits"
    version: str  # of base, delta and weights together: the same version answers the same
    considered: int = 0  # candidates that the mask let through
    embedding: bool = field(default=False)  # whether the optional term was used
