"""The proxy's configuration as shipped: HAProxy takes it, and it says what people need to know."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from bench.walls.debian import Absent
from bench.walls.overload import proxy

SHIPPED = proxy.SHIPPED.read_text("utf-8")


def _checked(folder: Path, text: str) -> "subprocess.CompletedProcess[str]":
    try:
        haproxy, environment = proxy.program()
    except Absent as absent:
        pytest.skip(str(absent))
    file = folder / "haproxy.cfg"
    file.write_text(text, "utf-8")
    command: list[str | Path] = [haproxy, "-c", "-f", file]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_haproxy_takes_the_shipped_configuration_without_a_warning(tmp_path: Path) -> None:
    text = proxy.put_in(SHIPPED, 18080, 18443, 18000, proxy.certificate(tmp_path))
    done = _checked(tmp_path, text)
    assert done.returncode == 0, done.stderr
    assert "[WARNING]" not in done.stderr, done.stderr


def test_a_configuration_that_says_nonsense_is_refused(tmp_path: Path) -> None:
    text = proxy.put_in(SHIPPED, 18080, 18443, 18000, proxy.certificate(tmp_path))
    assert _checked(tmp_path, text.replace("balance leastconn", "balance nonsense")).returncode


@pytest.mark.parametrize("status", [503, 504])
def test_what_the_proxy_refuses_is_a_problem_in_both_languages(status: int) -> None:
    found = re.search(
        rf"http-error status {status} content-type \"(.+?)\" lf-string '(.+?)' (.+)", SHIPPED
    )
    assert found
    told = json.loads(found[2])
    assert found[1].startswith("application/problem+json")
    assert (told["status"], told["type"], told["errors"]) == (status, "urn:park:unavailable", [])
    assert re.search("[\u4e00-\u9fff]", told["detail"])
    assert re.search("[a-z]{4}", told["detail"])
    assert "hdr Retry-After" in found[3]


def test_a_queue_that_was_taken_out_is_what_the_control_measures() -> None:
    assert proxy.without_queue(SHIPPED) != SHIPPED
