"""What a draw is worth, measured: even chances, speed, no forgery unseen, one order to the end."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from app.matching.drawing import chance, pool, rehearsal, script, seats
from app.matching.drawing.canonical import canonical, sha
from app.matching.drawing.evenness import alike, chance_of_worse, favouring, taken
from app.matching.drawing.rehearsal import Rehearsal, usual
from app.matching.drawing.seats import Quotas

_RARE, _UNLIKELY = 0.001, 0.01  # chances of a worse value, were the draw even
_POOL, _LARGE = 60, 5000  # candidates
_BITS = 8
_LOSSES = 4  # members who leave each draw that is verified
_SLOW, _QUICK = 1.0, 0.1  # seconds of processor time


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. ``gate`` must hold, ``aim`` is wished for; ``held`` says whether the gate did."""

    id: str
    what: str
    value: float
    unit: str
    gate: str
    aim: str
    held: bool


def measured(rounds: int, seed: int = 0) -> Iterator[Measure]:
    """Yield the figures, the even chances from ``rounds`` draws, one verified of every hundred."""
    random = rehearsal.numbers(seed)
    yield from _evenness(rounds, random)
    yield from _speed(random)
    yield from _forgeries(random)
    yield from _verified(max(1, rounds // 100), random)


def _evenness(rounds: int, random: Random) -> Iterator[Measure]:
    entries = rehearsal.made_up(_POOL, random, units=_POOL)
    everybody = [n for n, entry in enumerate(entries) if not entry.excluded]
    p = chance_of_worse(taken(entries, Quotas(5), rounds, random), everybody)
    yield _even("uniform.pool", "the whole pool, 5 members, no quotas", p)
    members = taken(entries, usual(), rounds, random)
    for strata, group in alike(entries).items():
        told = "+".join(strata) or "none"
        p = chance_of_worse(members, group)
        yield _even(f"uniform.{told}", f"{len(group)} experts of strata {told}, all quotas", p)
    favoured = favouring(entries[everybody[0]])
    p = chance_of_worse(taken(entries, Quotas(5), rounds, random, favoured), everybody)
    what = "control: somebody moved to the front in every 4th draw is noticed"
    yield Measure("uniform.control", what, p, "p", f"< {_RARE}", f"< {_RARE}", p < _RARE)


def _even(id_: str, what: str, p: float) -> Measure:
    gate, aim = f">= {_RARE}", f">= {_UNLIKELY}"
    return Measure(id_, f"chi-square, {what}", p, "p", gate, aim, p >= _RARE)


def _speed(random: Random) -> Iterator[Measure]:
    entries = rehearsal.made_up(_LARGE, random)
    started = time.process_time()
    root = pool.root_of(entries)
    frozen = time.process_time() - started
    yield _quick("speed.root", f"root over {_LARGE} experts", frozen)
    started = time.process_time()
    planned, _ = seats.plan(usual(), entries)
    seed = chance.seed(root, root, {"operator": root, "witness": root})
    seats.walk(planned, chance.in_order(seed, entries), 1)
    yield _quick("speed.draw", f"seed, order and seats of {_LARGE} experts", _since(started))
    bundle = rehearsal.held(entries, usual(), random).bundle()
    started = time.process_time()
    script.accepts(bundle)
    yield _quick("speed.verify", f"the verifier over {_LARGE} experts", _since(started))


def _since(started: float) -> float:
    return time.process_time() - started


def _quick(id_: str, what: str, seconds: float) -> Measure:
    gate, aim = f"<= {_SLOW:g}", f"<= {_QUICK:g}"
    return Measure(id_, what, round(seconds, 4), "s CPU", gate, aim, seconds <= _SLOW)


def _forgeries(random: Random) -> Iterator[Measure]:
    bundle = _with_losses(rehearsal.made_up(40, random), random).bundle()
    flipped = (_flip(bundle, place, bit) for place in range(len(bundle)) for bit in range(_BITS))
    yield _missed("forged.bits", f"one bit of {len(bundle)} bytes turned", flipped)
    root = json.loads(bundle)["events"][0]["facts"]["root"]
    what = "the same with a digest made anew, beside the published root"
    yield _missed("forged.sealed", what, _sealed_again(bundle), root)


def _missed(id_: str, what: str, forged: Iterable[bytes], *published: str) -> Measure:
    passed = [script.accepts(one, published) for one in forged]
    what, missed = f"{what}: bundles that pass, of {len(passed)}", sum(passed)
    return Measure(id_, what, missed, "bundles", "0", "0", missed == 0)


def _flip(bundle: bytes, place: int, bit: int) -> bytes:
    return bundle[:place] + bytes([bundle[place] ^ (1 << bit)]) + bundle[place + 1 :]


def _sealed_again(bundle: bytes) -> Iterator[bytes]:
    """Turn a bit in each byte, and where JSON comes out, give it a digest that fits."""
    for place in range(len(bundle)):
        try:
            told = json.loads(_flip(bundle, place, 0))
            told.pop("digest")
            forged = canonical(told | {"digest": sha(told)})
        except (ValueError, KeyError):  # not JSON any more, or without a digest
            continue
        if forged != bundle:
            yield forged


def _verified(count: int, random: Random) -> Iterator[Measure]:
    agreed = followed = left = 0
    for _ in range(count):
        draw = _with_losses(rehearsal.made_up(random.randint(40, 160), random), random)
        agreed += script.accepts(draw.bundle(), [draw.root])
        followed += draw.followed
        left += draw.lost
    what = f"draws with replacements that the stand-alone verifier derives again, of {count}"
    yield Measure("verified", what, agreed, "draws", str(count), str(count), agreed == count)
    what = f"members gone who were followed by the first of the same order who fits, of {left}"
    yield Measure("followed", what, followed, "members", str(left), str(left), followed == left)


class _Losing(Rehearsal):
    """A draw that loses members and counts who follows, by a plain look at the order."""

    lost = 0
    followed = 0

    def lose_one(self, random: Random) -> None:
        place = random.randrange(len(self.panel))
        member = self.panel[place]
        if member is None:
            return
        rest = [e for n, e in enumerate(self.panel) if e and n != place]
        units = [e.unit for e in rest]
        expected = next(
            (
                e
                for e in self.order
                if e not in rest
                and e.id not in (*self.gone, member.id)
                and self.seats[place].needs <= set(e.strata)
                and units.count(e.unit) < self.quotas.per_unit_max
            ),
            None,
        )
        self.lost += 1
        self.followed += self.lose(member.id, "declined") == expected


def _with_losses(entries: list[pool.Entry], random: Random) -> _Losing:
    draw = _Losing(random.randbytes(16).hex(), entries, usual())
    draw.freeze()
    draw.hold({party: random.randbytes(32).hex() for party in rehearsal.PARTIES})
    for _ in range(_LOSSES):
        draw.lose_one(random)
    return draw
