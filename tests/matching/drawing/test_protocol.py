"""Canonical bytes, proofs, promises, tickets, the log."""

import hashlib
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.drawing import chance, log, merkle, pool, rehearsal
from app.matching.drawing.canonical import canonical, sha
from app.matching.drawing.evenness import alike, chance_of_worse, favouring, taken
from app.matching.drawing.rehearsal import usual
from app.matching.drawing.seats import Quotas

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), inner)
    ),
    max_leaves=20,
)


@given(JSON)
def test_the_standard_library_writes_the_same_bytes_as_rfc_8785(value: object) -> None:
    """So that the verifier, which has nothing else, agrees with the platform."""
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(value) == plain.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13, 64, 65])
def test_each_entry_proves_that_it_is_under_the_root_and_nothing_else_does(count: int) -> None:
    entries = rehearsal.made_up(count, rehearsal.numbers(count))
    leaves = [merkle.leaf(e.told()) for e in entries]
    root = merkle.root(leaves)
    proofs = merkle.proofs(leaves)
    assert all(
        merkle.proves(e.told(), steps, root) for e, steps in zip(entries, proofs, strict=True)
    )
    forged = entries[0].told() | {"excluded": ["relative"]}
    assert not merkle.proves(forged, proofs[0], root)
    if count > 1:
        assert not merkle.proves(entries[1].told(), proofs[0], root)


def test_a_node_cannot_be_passed_off_as_a_leaf() -> None:
    entries = rehearsal.made_up(4, rehearsal.numbers(0))
    leaves = [merkle.leaf(e.told()) for e in entries]
    inner = [sha(["node", *leaves[:2]]), sha(["node", *leaves[2:]])]
    assert merkle.root(inner) == merkle.root(leaves)
    assert not merkle.proves({"id": leaves[0], "salt": leaves[1]}, [], inner[0])


def test_a_promise_is_bound_to_its_draw_and_party() -> None:
    nonce = "5" * 64
    mine = chance.commitment("one", "operator", nonce)
    assert mine != chance.commitment("one", "witness", nonce)
    assert mine != chance.commitment("two", "operator", nonce)
    told = '["park-draw-v1","one",{"nonce":"' + nonce + '","party":"operator"}]'
    assert mine == hashlib.sha256(told.encode()).hexdigest()


def test_pool_terms_and_both_numbers_go_into_the_seed() -> None:
    shown = {"operator": "1" * 64, "witness": "2" * 64}
    seed = chance.seed("a" * 64, "b" * 64, shown)
    assert seed == chance.seed("a" * 64, "b" * 64, dict(reversed(shown.items())))
    others = [
        chance.seed("c" * 64, "b" * 64, shown),
        chance.seed("a" * 64, "c" * 64, shown),
        chance.seed("a" * 64, "b" * 64, shown | {"witness": "3" * 64}),
        chance.seed("a" * 64, "b" * 64, shown, [{"value": "02 11 17"}]),
    ]
    assert len({seed, *others}) == 5


def test_a_pseudonym_binds_its_person() -> None:
    person, secret = uuid4(), pool.fresh()
    assert pool.pseudonym(person, secret) == pool.pseudonym(person, secret)
    assert pool.pseudonym(person, secret) != pool.pseudonym(uuid4(), secret)
    assert pool.pseudonym(person, secret) != pool.pseudonym(person, pool.fresh())


def test_the_log_is_unbroken_until_an_entry_is_changed_moved_or_taken_out() -> None:
    last, told = None, []
    for n in range(5):
        event = log.following(last, datetime(2026, 12, 1, tzinfo=UTC), "step", {"n": n})
        last = (event.seq, event.hash)
        told.append(event.told())
    assert log.unbroken(told)
    assert not log.unbroken([*told[:2], *told[3:]])
    assert not log.unbroken([told[1], told[0], *told[2:]])
    assert not log.unbroken([*told[:4], told[4] | {"facts": {"n": 9}}])


def test_equals_have_equal_chances_in_the_pool_and_in_each_stratum() -> None:
    random = rehearsal.numbers(11)
    entries = rehearsal.made_up(40, random, units=40)
    everybody = [n for n, e in enumerate(entries) if not e.excluded]
    assert chance_of_worse(taken(entries, Quotas(5), 1500, random), everybody) > 0.001
    members = taken(entries, usual(), 1500, random)
    groups = alike(entries)
    assert len(groups) >= 4
    assert all(chance_of_worse(members, group) > 0.001 for group in groups.values())


def test_the_measure_of_even_chances_notices_a_favourite() -> None:
    random = rehearsal.numbers(12)
    entries = rehearsal.made_up(40, random, units=40)
    everybody = [n for n, e in enumerate(entries) if not e.excluded]
    members = taken(entries, Quotas(5), 1500, random, favouring(entries[everybody[0]]))
    assert chance_of_worse(members, everybody) < 0.001
