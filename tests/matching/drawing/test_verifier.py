"""The stand-alone verifier: what is right passes, whatever was touched does not."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.matching.drawing import rehearsal, script
from app.matching.drawing.canonical import canonical, sha
from app.matching.drawing.rehearsal import Rehearsal

SCRIPT = Path("tools/verify_draw.py")
Told = dict[str, Any]


def a_draw(seed: int = 1, count: int = 24) -> Rehearsal:
    """Hold a draw in which two members left."""
    random = rehearsal.numbers(seed)
    draw = rehearsal.held(rehearsal.made_up(count, random), rehearsal.usual(), random)
    for place in (1, 4):
        member = draw.panel[place]
        assert member is not None
        draw.lose(member.id, "declined")
    return draw


def sealed(told: Told) -> bytes:
    """Give a forged bundle the digest that fits it, as a forger would."""
    rest = {k: v for k, v in told.items() if k != "digest"}
    return canonical(rest | {"digest": sha(rest)})


def chained(told: Told) -> None:
    """Make the log one chain again, as a forger would."""
    prev = "0" * 64
    for n, event in enumerate(told["events"], 1):
        event |= {"seq": n, "prev": prev}
        event["hash"] = prev = sha({k: v for k, v in event.items() if k != "hash"})


def test_the_script_is_short_and_needs_nothing_but_python() -> None:
    lines = SCRIPT.read_text("utf-8").splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 100
    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)


def test_a_bundle_passes_with_its_root_and_every_hash_ever_published() -> None:
    draw = a_draw()
    heads = [event["hash"] for event in draw.events]
    assert script.accepts(draw.bundle(), [draw.root, *heads])
    assert not script.accepts(draw.bundle(), [draw.root[::-1]])


def test_as_a_command_it_says_what_it_checked_and_ends_with_a_status(tmp_path: Path) -> None:
    bundle = a_draw().bundle()
    (tmp_path / "good.json").write_bytes(bundle)
    (tmp_path / "bad.json").write_bytes(bundle.replace(b'"size":7', b'"size":8', 1)[:-1])
    runs = [
        subprocess.run(
            [sys.executable, "-I", str(SCRIPT), str(tmp_path / name)],
            capture_output=True,
            check=False,
            env={"PYTHONIOENCODING": "utf-8"},
        )
        for name in ("good.json", "bad.json")
    ]
    assert [run.returncode for run in runs] == [0, 1]
    told = runs[0].stdout.decode().splitlines()
    assert len(told) > 15
    assert all(line.startswith("√ ") and " | " in line for line in told)
    assert "FAILED" in runs[1].stdout.decode()


@pytest.mark.parametrize(
    "given", [[], ["b", "--strict"], ["b", "ab" * 32], ["b", "--root"], ["b", "--root", "ab", "-x"]]
)
def test_what_it_does_not_understand_it_does_not_ignore(given: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *given],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert run.returncode == 2
    assert "--root" in run.stdout.decode()


def test_an_alternate_who_withdrew_before_is_passed_over() -> None:
    random = rehearsal.numbers(4)
    draw = rehearsal.held(rehearsal.made_up(24, random), rehearsal.usual(), random)
    first = json.loads(draw.bundle())["result"]["alternates"][0]
    draw.gone.append(first)
    draw.note("withdrawn", {"gone": first, "code": "unavailable"})
    member = draw.panel[0]
    assert member is not None
    draw.lose(member.id, "declined")
    assert script.accepts(draw.bundle())
    told = json.loads(draw.bundle())
    told["events"] = [e for e in told["events"] if e["kind"] != "withdrawn"]
    chained(told)
    assert not script.accepts(sealed(told))


@pytest.mark.slow
def test_every_byte_turned_anywhere_is_found() -> None:
    bundle = a_draw(count=12).bundle()
    passed = [
        (place, bit)
        for place in range(len(bundle))
        for bit in (0, 3, 6)
        if script.accepts(
            bundle[:place] + bytes([bundle[place] ^ (1 << bit)]) + bundle[place + 1 :]
        )
    ]
    assert passed == []


def test_added_and_missing_bytes_are_found() -> None:
    bundle = a_draw(count=12).bundle()
    assert not script.accepts(bundle + b"\n")
    assert not script.accepts(b"\xef\xbb\xbf" + bundle)
    assert not script.accepts(bundle[:-1])
    assert not script.accepts(b"")
    assert not script.accepts(json.dumps(json.loads(bundle), indent=1).encode())


def _drop_somebody(told: Told) -> None:
    del told["entries"][3]


def _add_somebody(told: Told) -> None:
    told["entries"].append(copy.deepcopy(told["entries"][0]) | {"id": "f" * 64})


def _qualify(told: Told) -> None:
    next(e for e in told["entries"] if e["excluded"])["excluded"] = []


def _exclude(told: Told) -> None:
    next(e for e in told["entries"] if not e["excluded"])["excluded"] = ["unavailable"]


def _seat_a_friend(told: Told) -> None:
    told["result"]["members"][0] = told["result"]["alternates"][0]


def _swap_alternates(told: Told) -> None:
    told["result"]["alternates"].reverse()


def _other_number(told: Told) -> None:
    next(e for e in told["events"] if e["kind"] == "revealed")["facts"]["nonce"] = "0" * 64


def _other_seed(told: Told) -> None:
    next(e for e in told["events"] if e["kind"] == "drawn")["facts"]["seed"] = "0" * 64


def _second_number(told: Told) -> None:
    shown = next(e for e in told["events"] if e["kind"] == "revealed")
    told["events"].append(copy.deepcopy(shown))


def _promise_after_the_other_number(told: Told) -> None:
    """The operator promises when the witness's number is on the table."""
    events = told["events"]
    late = next(e for e in events if e["kind"] == "committed")
    events.remove(late)
    last = max(n for n, e in enumerate(events) if e["kind"] == "revealed")
    events.insert(last, late)


def _forget_a_loss(told: Told) -> None:
    told["events"].remove(next(e for e in told["events"] if "left" in e["facts"]))


def _follow_out_of_turn(told: Told) -> None:
    loss = next(e for e in told["events"] if "left" in e["facts"])
    loss["facts"]["by"] = told["result"]["alternates"][-1]


def _pass_over_the_rightful_successor(told: Told) -> None:
    """Say that who follows has gone, and seat the next who fits, all computed as it should be."""
    loss = next(e for e in told["events"] if "left" in e["facts"])
    told["events"] = told["events"][: told["events"].index(loss) + 1]
    rightful = loss["facts"]["by"]
    random = rehearsal.numbers(1)
    again = rehearsal.held(rehearsal.made_up(24, random), rehearsal.usual(), random)
    again.gone.append(rightful)
    again.lose(loss["facts"]["left"], "declined")
    loss["facts"] = again.events[-1]["facts"]
    loss["facts"]["gone"].sort()
    assert rightful in loss["facts"]["gone"]
    assert loss["facts"]["by"] != rightful


def _say_somebody_else_left(told: Told) -> None:
    loss = next(e for e in told["events"] if "left" in e["facts"])
    loss["facts"] |= {"left": told["result"]["alternates"][-1]}
    loss["facts"]["gone"] = [loss["facts"]["left"]]


def _one_number_for_both(told: Told) -> None:
    """The operator's number counts twice, the witness's is left out."""
    shown = [e for e in told["events"] if e["kind"] == "revealed"]
    shown[1]["facts"] = dict(shown[0]["facts"])


def _widen_the_terms(told: Told) -> None:
    told["terms"]["per_unit_max"] = 2


def _rename(told: Told) -> None:
    told["terms"]["title"] = "另一次抽取"


def _drop_a_seat(told: Told) -> None:
    told["result"]["members"].pop()
    told["terms"]["seats"].pop()


FORGERIES: list[Callable[[Told], None]] = [
    _drop_somebody,
    _add_somebody,
    _qualify,
    _exclude,
    _seat_a_friend,
    _swap_alternates,
    _other_number,
    _other_seed,
    _second_number,
    _promise_after_the_other_number,
    _follow_out_of_turn,
    _pass_over_the_rightful_successor,
    _say_somebody_else_left,
    _one_number_for_both,
    _widen_the_terms,
    _rename,
    _drop_a_seat,
]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda f: f.__name__.strip("_"))
def test_a_forgery_with_a_new_chain_and_digest_contradicts_itself(
    forge: Callable[[Told], None],
) -> None:
    told = json.loads(a_draw().bundle())
    assert script.accepts(sealed(copy.deepcopy(told)))
    forge(told)
    chained(told)
    assert not script.accepts(sealed(told))


def test_a_loss_left_out_at_the_end_is_found_by_the_published_head_of_the_log() -> None:
    draw = a_draw()
    told = json.loads(draw.bundle())
    head = told["events"][-1]["hash"]
    told["events"].pop()
    shorter = sealed(told)
    assert script.accepts(shorter)  # it was true once
    assert not script.accepts(shorter, [head])


def test_another_draw_held_from_the_start_is_found_by_the_published_root_alone() -> None:
    """The operator alone, who may make up both numbers, cannot have the same root twice."""
    draw = a_draw()
    random = rehearsal.numbers(9)
    other = Rehearsal(draw.id, rehearsal.made_up(24, random), draw.quotas)
    other.freeze()
    other.hold({party: random.randbytes(32).hex() for party in rehearsal.PARTIES})
    assert script.accepts(other.bundle())
    assert not script.accepts(other.bundle(), [draw.root])


def test_numbers_made_up_afterwards_are_found_by_the_published_promises() -> None:
    draw = a_draw()
    promised = [e["hash"] for e in draw.events if e["kind"] == "committed"]
    again = Rehearsal(draw.id, draw.entries, draw.quotas)
    again.freeze()
    again.hold(dict.fromkeys(rehearsal.PARTIES, "ab" * 32))
    assert script.accepts(again.bundle(), [draw.root])
    assert not script.accepts(again.bundle(), [draw.root, *promised])


def test_every_single_value_changed_is_found_by_what_was_published() -> None:
    draw = a_draw(count=12)
    bundle = draw.bundle()
    heads = [draw.root, draw.events[-1]["hash"]]
    assert script.accepts(bundle, heads)
    tried = 0
    for path in _leaves(json.loads(bundle)):
        told = json.loads(bundle)
        *way, last = path
        inside = told
        for step in way:
            inside = inside[step]
        inside[last] = _other(inside[last])
        assert not script.accepts(sealed(told), heads), path
        tried += 1
    assert tried > 150


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for k in value if k != "digest" for leaf in _leaves(value[k], (*path, k))]
    if isinstance(value, list):
        return [leaf for n, v in enumerate(value) for leaf in _leaves(v, (*path, n))]
    return [path]


def _other(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    return value + 1 if isinstance(value, int) else value[:-1] + ("1" if value[-1:] == "0" else "0")


def test_draws_of_all_shapes_pass() -> None:
    random = rehearsal.numbers(3)
    for _ in range(25):
        draw = rehearsal.held(
            rehearsal.made_up(random.randint(40, 120), random), rehearsal.usual(), random
        )
        assert script.accepts(draw.bundle(), [draw.root])
