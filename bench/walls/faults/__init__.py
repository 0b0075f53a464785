"""Stage ``faults``: what is killed, filled, frozen, slowed and moved, and what is lost by it."""

import os
from collections.abc import Iterator

from bench.walls.debian import Absent
from bench.walls.faults import clocks, disk, failover, kills, mutants, outages
from bench.walls.faults.checking import Balance
from bench.walls.faults.kills import Story
from bench.walls.faults.writers import Writers
from bench.walls.rows import Row, at_least, at_most, told

ROUNDS, FEW_ROUNDS = 100, 3
FAILOVERS, FEW_FAILOVERS = 20, 1
ACKNOWLEDGED = 5_000
EACH = ACKNOWLEDGED // ROUNDS + 2  # acknowledged before each kill, at least
#: Seconds to the first acknowledged write after each was killed.
SOON = {"application": 5.0, "postgres": 10.0, "worker": 5.0}
FLIPS = 5.0
WRITABLE = 2.0


def measured(long: bool) -> Iterator[Row]:  # noqa: FBT001
    """Yield the figures of the stage; the long form takes about half an hour on a quiet machine."""
    yield from _of_kills(long=long)
    yield from _of_outages(long=long)
    yield from _of_disk()
    yield from _of_clocks()
    yield from _of_failovers(long=long)
    yield from _of_controls(long=long)
    yield of_machine("faults")


def of_machine(stage: str) -> Row:
    """Return how busy the machine was: seconds and shares are those of this load."""
    what = f"load average of the machine meanwhile ({os.cpu_count()} processors)"
    return told(f"{stage}.machine", what, os.getloadavg()[1])


def _kept(name: str, what: str, balance: Balance | None, writers: Writers) -> Iterator[Row]:
    """Yield what every run is held to: nothing lost, doubled or unaudited; no status but these."""
    assert balance
    yield at_most(f"faults.{name}.lost", f"{what}: acknowledged writes lost", len(balance.lost), 0)
    yield at_most(f"faults.{name}.doubled", f"{what}: writes made twice", len(balance.doubled), 0)
    yield at_most(
        f"faults.{name}.unaudited", f"{what}: writes without a trail", len(balance.unaudited), 0
    )
    bad = sum(writers.unexpected().values())
    yield at_most(f"faults.{name}.statuses", f"{what}: answers but 2xx, 4xx, 503", bad, 0)
    yield told(f"faults.{name}.acks", f"{what}: writes acknowledged", len(writers.acknowledged))


def _of_kills(*, long: bool) -> Iterator[Row]:
    many = ROUNDS if long else FEW_ROUNDS
    of_workers = many // 3
    with kills.furnished(workers=1) as (installation, who):
        victims = ("application", "postgres")
        story = kills.rounds(installation, who, many - of_workers, victims, at_least=EACH)
    yield from _of_victims("kills", "application and PostgreSQL killed", story)
    with kills.furnished(workers=2) as (installation, who):
        other = kills.rounds(installation, who, of_workers, ("worker",), at_least=EACH)
    yield from _of_victims("workers", "one worker of two killed", other)
    if long:
        sum_ = len(story.writers.acknowledged) + len(other.writers.acknowledged)
        yield at_least("faults.kills.enough", "kill -9: acknowledged in all", sum_, ACKNOWLEDGED)


def _of_victims(name: str, what: str, story: Story) -> Iterator[Row]:
    yield told(f"faults.{name}.rounds", f"{what}: rounds", sum(map(len, story.back.values())))
    yield from _kept(name, what, story.balance, story.writers)
    for victim in story.back:
        first = f"first acknowledgement after killing the {victim}"
        row = (f"faults.{name}.{victim}", f"{first}, worst", story.worst(victim))
        yield at_most(*row, SOON[victim], "s")
        yield told(f"faults.{name}.{victim}.median", f"{first}, median", story.typical(victim), "s")
    yield from _of_long_work(name, story)


def _of_long_work(name: str, story: Story) -> Iterator[Row]:
    assert story.clerk
    wrong = len(story.wrong_imports)
    yield at_most(f"faults.{name}.jobs", "imports as long work not done exactly once", wrong, 0)
    yield told(f"faults.{name}.jobs.done", "imports done", len(story.clerk.done))
    yield told(f"faults.{name}.jobs.broken", "long work broken off by a kill", story.broken_off)


def _of_outages(*, long: bool) -> Iterator[Row]:
    found = outages.run(seconds=outages.GONE if long else 4.0)
    yield from _kept("outages", "restart, freeze, slow, exhausted", found.balance, found.writers)
    for name, seconds in found.down.items():
        what = f"readiness falls with the database {name}"
        yield at_most(f"faults.outages.{name}.down", what, seconds, FLIPS, "s")
    for name, seconds in found.up.items():
        what = f"ready and writing again, without a restart, after: {name}"
        yield at_most(f"faults.outages.{name}.up", what, seconds, FLIPS, "s")
    served = found.served["slow"]
    yield at_least("faults.outages.slow", "writes served while the database is slow", served, 1)


def _of_disk() -> Iterator[Row]:
    try:
        full = disk.run()
    except Absent as absent:
        yield at_least("faults.disk.ran", f"disk full: {absent}", 0, 1)
        return
    yield from _kept("disk", "disk full", full.balance, full.writers)
    yield at_least("faults.disk.refused", "disk full: writes refused as 503", full.refused, 1)
    bad = len(full.uploads - {201, 503})
    yield at_most("faults.disk.uploads", "disk full: attachments answered but 201, 503", bad, 0)
    yield at_most("faults.disk.up", "writing again once there is room", full.up, 10.0, "s")


def _of_clocks() -> Iterator[Row]:
    try:
        skewed = clocks.run()
    except Absent as absent:
        yield at_least("faults.clocks.ran", f"clock wrong by an hour: {absent}", 0, 1)
        return
    yield from _kept("clocks", "clock wrong by an hour", skewed.balance, skewed.writers)
    real = [skewed.seen["+1h"], skewed.seen["-1h"]] == [1.0, -1.0]
    least = min(skewed.served.values()) if real else 0
    yield at_least("faults.clocks.served", "clock wrong: writes served, least of them", least, 1)


def _of_failovers(*, long: bool) -> Iterator[Row]:
    found = failover.run(FAILOVERS if long else FEW_FAILOVERS)
    yield told("faults.failover.rounds", "failovers to a synchronous standby", len(found.back))
    yield from _kept("failover", "failover", found.balance, found.writers)
    what = "writable after the promotion, no restart"
    yield at_most("faults.failover.back", f"{what}, worst", max(found.back), WRITABLE, "s")
    yield told("faults.failover.back.median", f"{what}, median", found.typical, "s")


def _of_controls(*, long: bool) -> Iterator[Row]:
    """Yield what the harness finds where there is something to find."""
    with kills.furnished(workers=1) as (installation, who):
        early = kills.acknowledged_too_early(installation, who)
    yield at_least("faults.control.early", "control, commits not on the disk: lost", len(early), 1)
    with kills.furnished(mutants.command("answers-before-commit"), 1) as (installation, who):
        hasty = kills.lost_when_killed(installation, who, "application")
    yield at_least("faults.control.hasty", "control, answer before commit: lost", len(hasty), 1)
    with kills.furnished(mutants.command("forgets-an-exception"), 1) as (installation, who):
        story = kills.rounds(installation, who, 1, ("postgres",), with_clerk=False)
    bad = sum(story.writers.unexpected().values())
    yield at_least("faults.control.unmapped", "control, an exception forgotten: 500s", bad, 1)
    if long:
        alone = failover.run(3, waiting=False)
        assert alone.balance
        lost = len(alone.balance.lost)
        yield at_least("faults.control.alone", "control, standby not waited for: lost", lost, 1)
