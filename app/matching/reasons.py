"""Why a person is proposed: literal pieces of records the reader may see, never a paraphrase."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.matching.parties import Person, Subject
from app.matching.scoring import matched_keywords
from app.matching.text import compact, longest_shared, sentences

MOST = 4
MOST_KEYWORDS = 2
SHORTEST = 3  # characters in common that explain by themselves
LEAST = 2  # in common, quoted only where nothing better is: no score goes unexplained


@dataclass(frozen=True, slots=True)
class Reason:
    """A quotation: the words, the field they stand in, and the record."""

    text: str
    field: str
    source: str


def reasons(subject: Subject, person: Person, readable: frozenset[str]) -> list[Reason]:
    """Return the best quotations from the fields the reader may see."""
    told = compact(subject.text)
    source = f"experts/{person.id}"
    found: list[Reason] = []
    if "keywords" in readable:
        matched = sorted(set(matched_keywords(told, person)), key=lambda k: (-len(k), k))
        found += [Reason(keyword, "keywords", source) for keyword in matched[:MOST_KEYWORDS]]
    if "documents" in readable:
        quotes = sorted(_quotes(told, person), key=lambda quote: (-quote[0], quote[1]))
        taken: set[str] = set()
        for shared, text in quotes:
            enough = SHORTEST if found else LEAST
            if shared >= enough and text not in taken and len(found) < MOST:
                taken.add(text)
                found.append(Reason(text, "documents", source))
    return [reason for reason in found if _literal(reason, person)]


def _quotes(told: str, person: Person) -> Iterator[tuple[int, str]]:
    """Yield, of each paper, its title or best sentence with the length of what is shared."""
    for paper in person.papers:
        best = (longest_shared(told, paper.title), paper.title)
        for sentence in sentences(paper.abstract):
            shared = longest_shared(told, sentence)
            if shared > best[0]:
                best = (shared, sentence)
        yield best


def _literal(reason: Reason, person: Person) -> bool:
    """Say whether the words stand in the record just so."""
    if reason.field == "keywords":
        return reason.text in person.keywords
    return any(reason.text in text for p in person.papers for text in (p.title, p.abstract))
