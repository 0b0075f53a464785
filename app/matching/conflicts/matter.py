"""A subject ready to be compared with thousands of people: its organisations as sets of keys."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from app.matching.names import bare, code_of, keys_of, sound_code
from app.matching.parties import Body, Led, Subject

#: Says how alike one text is to each of many, from 0 to 1.
Similar = Callable[[str, Sequence[str]], Sequence[float]]


class Matter:
    """One subject on one day. Built once, asked of every person."""

    def __init__(self, subject: Subject, day: date, similar: Similar) -> None:
        self.subject = subject
        self.day = day
        self.leader = bare(subject.leader_name)
        self.officers = frozenset(map(bare, subject.officers))
        self._similar = similar
        self._alike: dict[UUID, float] = {}
        self._bodies = completed(subject.bodies)
        self._codes: dict[str, Body] = {}
        self._exact: dict[str, Body] = {}
        self._within: dict[str, Body] = {}
        self._heads: dict[str, Body] = {}
        for body in self._bodies:
            self._enter(body)
        self.all_named = all(body.named() for body in self._bodies)
        self.all_coded = all(body.coded() for body in self._bodies)

    def _enter(self, body: Body) -> None:
        keys = keys_of(body.name)
        for index, found in (
            (self._exact, keys.exact),
            (self._within, keys.within),
            (self._heads, keys.heads),
        ):
            for key in found:
                index.setdefault(key, body)
        if code := code_of(body.uscc):
            self._codes.setdefault(code, body)

    @property
    def known(self) -> bool:
        """Say whether there is an organisation on the other side that people can be checked for."""
        usable = bool(self._bodies) and all(body.known() for body in self._bodies)
        return self.subject.general or usable

    def own(self, body: Body) -> Body | None:
        """Return the subject's own organisation that ``body`` is, as far as can be seen."""
        if body.uscc and (found := self._codes.get(code_of(body.uscc) or "")):
            return found
        keys = keys_of(body.name)
        for mine, theirs in (
            (self._exact, keys.exact),
            (self._exact, keys.within),
            (self._within, keys.exact),
            (self._heads, keys.heads),
        ):
            if not theirs.isdisjoint(mine):
                return mine[next(key for key in theirs if key in mine)]
        return None

    def among(self, bodies: Iterable[Body]) -> Body | None:
        """Return the subject's own organisation that is among ``bodies``."""
        return next((mine for body in bodies if (mine := self.own(body))), None)

    def tells_apart(self, body: Body) -> bool:
        """Say whether ``body`` could be compared with every organisation of the subject."""
        if (self.all_named and body.named()) or (self.all_coded and body.coded()):
            return True
        return body.known() and all(body.comparable_with(mine) for mine in self._bodies)

    def alike(self, led: Led) -> float:
        """Return how alike another application is to this one."""
        if led.id not in self._alike:
            self.compare([led])
        return self._alike[led.id]

    def compare(self, others: Sequence[Led]) -> None:
        """Compare with many applications at once."""
        found = self._similar(self.subject.text, [led.text for led in others])
        self._alike.update({led.id: one for led, one in zip(others, found, strict=True)})


def completed(bodies: Sequence[Body]) -> tuple[Body, ...]:
    """Let what is known of an organisation in one place hold in the others: its code, its name."""
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for body in bodies:
        if body.named() and (code := sound_code(body.uscc)):
            names.setdefault(code, body.name or "")
            for key in keys_of(body.name).exact:
                codes.setdefault(key, code)
    return tuple(_completed(body, codes, names) for body in bodies)


def _completed(body: Body, codes: dict[str, str], names: dict[str, str]) -> Body:
    code = sound_code(body.uscc)
    if code and not body.named() and code in names:
        return replace(body, name=names[code])
    if code is None and body.named() and body.uscc is None:
        known = next((codes[key] for key in keys_of(body.name).exact if key in codes), None)
        return replace(body, uscc=known) if known else body
    return body
