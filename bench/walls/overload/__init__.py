"""Stage ``overload``: a thousand impatient clients, and two thousand that say nothing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.walls.debian import Absent
from bench.walls.faults import of_machine
from bench.walls.faults.installation import Installation
from bench.walls.faults.writers import People, people
from bench.walls.overload.crowd import Order
from bench.walls.overload.half_open import held_open
from bench.walls.overload.load import Load, pressed
from bench.walls.overload.proxy import proxied
from bench.walls.rows import Row, at_least, at_most, told

WORKERS = 2
AT_ONCE, CROWD = 16, 1_000
SHARE, SLOWEST, NORMAL = 0.8, 2.0, 5.0
HALF_OPEN, CLOSED_WITHIN = 2_000, 10.0


@dataclass(frozen=True)
class Pressure:
    """Peak before and after, the crowd between them, and how long it took to be as before."""

    before: Load
    crowded: Load
    after: Load
    normal: float

    @property
    def peak(self) -> float:
        """The better of the two: nothing is gained by a machine that was slow for a moment."""
        return max(self.before.goodput, self.after.goodput)

    @property
    def share(self) -> float:
        return self.crowded.goodput / self.peak


def measured(long: bool) -> Iterator[Row]:  # noqa: FBT001
    """Yield the figures of the stage; the long form takes about five minutes."""
    seconds = 20.0 if long else 6.0
    try:
        with crowded_place() as (installation, order, folder):
            with proxied(folder, installation.port) as port:
                yield from _of_queue(press(replace(order, port=port), seconds))
                yield from _of_half_open(port, HALF_OPEN if long else 200)
            with proxied(folder, installation.port, queue=False) as port:
                yield from _of_control(press(replace(order, port=port), seconds))
            left, _ = held_open(installation.port, 30, CLOSED_WITHIN, secure=False)
            what = "control, without the proxy: half-open connections left"
            yield at_least("overload.control.half_open", what, left, 1)
            yield of_machine("overload")
    except Absent as absent:
        yield at_least("overload.ran", f"overload: {absent}", 0, 1)


@contextmanager
def crowded_place() -> Iterator[tuple[Installation, Order, Path]]:
    """Serve an installation as behind the proxy; give what a crowd has to know of it."""
    with TemporaryDirectory(prefix="park-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        settings = {"PARK_WORKERS": str(WORKERS), "PARK_TRUSTED_PROXIES": "127.0.0.1"}
        installation = Installation(folder / "home", settings=settings)
        try:
            installation.start()
            yield installation, _order(people(installation)), folder
        finally:
            installation.stop()


def _order(who: People) -> Order:
    return Order(0, AT_ONCE, 0.0, [(desk.token, desk.enterprise) for desk in who], "peak")


def press(order: Order, seconds: float, crowd: int = CROWD) -> Pressure:
    """Measure the peak, let the crowd come, and measure the peak again right after."""
    calm = replace(order, seconds=seconds)
    before = pressed(replace(calm, name=f"before{order.port}"))
    crowded = pressed(replace(calm, clients=crowd, name=f"crowd{order.port}"))
    ended = time.monotonic()
    after = pressed(replace(calm, name=f"after{order.port}"), settling=0)
    slow = max(1.0, 2 * before.p99)
    return Pressure(before, crowded, after, max(0.0, after.last_bad(slow) - ended))


def _of_queue(found: Pressure) -> Iterator[Row]:
    crowd = found.crowded
    yield told("overload.peak", "good answers a second, 16 clients", found.peak, "1/s")
    yield told("overload.goodput", "good answers a second, 1,000 clients", crowd.goodput, "1/s")
    yield at_least("overload.share", "of the peak is left under 1,000 clients", found.share, SHARE)
    yield at_most("overload.p99", "99th percentile of what was accepted", crowd.p99, SLOWEST, "s")
    what = "answers that are neither good nor a clean 503"
    yield at_most("overload.unclean", what, crowd.unclean, 0)
    turned = crowd.statuses[503]
    yield told("overload.refused", "turned away with 503 and Retry-After", turned)
    yield at_most("overload.normal", "seconds until all is as before", found.normal, NORMAL, "s")


def _of_half_open(port: int, many: int) -> Iterator[Row]:
    left, took = held_open(port, many, CLOSED_WITHIN)
    yield at_most("overload.half_open", f"of {many} half-open connections left after 10 s", left, 0)
    yield told("overload.half_open.closed", "seconds until all were closed", took, "s")


def _of_control(found: Pressure) -> Iterator[Row]:
    failed = (found.share < SHARE) + (found.crowded.p99 > SLOWEST)
    what = "control, a proxy without a queue: gates it fails"
    yield at_least("overload.control.no_queue", what, failed, 1)
    yield told("overload.control.goodput", "control: good answers a second", found.crowded.goodput)
    yield told("overload.control.p99", "control: 99th percentile", found.crowded.p99, "s")
