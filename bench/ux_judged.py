"""What others judge of the pages: axe on every one of them, Lighthouse, the flows by keyboard."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from bench.foundation import ROOT, row
from bench.ux_browser import window
from bench.ux_serving import House
from tests.e2e.browsing import AXE, WCAG

Row = dict[str, object]
LOCALES = ("zh-CN", "zh-TW", "en")
LIGHTHOUSE = "lighthouse@13.5.0"
_SCORES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
_AXE = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"


def axe(browser: Browser, house: House) -> Iterator[Row]:
    """Let axe look at every page of every role, at both widths and in all languages."""
    found, looked = 0, 0
    for role, paths in house.addresses().items():
        for phone in (False, True):
            with window(browser, house, role, phone=phone) as (page, _):
                for path in paths:
                    page.goto(path)
                    for locale in LOCALES:
                        page.evaluate("name => localStorage.setItem('park.locale', name)", locale)
                        page.goto(path)
                        page.wait_for_load_state("networkidle")
                        page.evaluate(AXE.read_text("utf-8") + ";0")
                        told = page.evaluate(_AXE, WCAG)
                        looked += 1
                        for one in told["violations"]:
                            found += len(one["nodes"])
                            where = f"{role} {path} {locale} {'360' if phone else '1366'}"
                            print(
                                f"  axe: {one['id']} {where}: {one['nodes'][0]['html'][:120]}",
                                file=sys.stderr,
                            )
    yield row("U30", f"axe WCAG 2.2 AA: nodes against it, {looked} looks", found, "", 0, 0)


def lighthouse(house: House) -> Iterator[Row]:
    """Run the real Lighthouse from npm on the public home page, as on a phone."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
        command = ["npx", "--yes", LIGHTHOUSE, f"{house.url}/", "--quiet", "--output=json"]
        flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
        done = subprocess.run(
            [*command, f"--output-path={out}", flags],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if not out.exists():
            print(f"  Lighthouse did not run: {done.stderr[-300:]}", file=sys.stderr)
            return
        scores = json.loads(out.read_text("utf-8"))["categories"]
    for number, (name, gate) in enumerate(_SCORES.items(), 31):
        score = round(100 * float(scores[name]["score"] or 0))
        told = row(f"U{number}", f"Lighthouse, phone, public home: {name}", score, "", gate, None)
        yield told | {"held": score >= gate}


def keyboard() -> Iterator[Row]:
    """Run the flows that browser tests go through by keyboard alone."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--show-capture=no",
            "tests/e2e",
            "-k",
            "by_keyboard_alone",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    passed = re.search(r"(\d+) passed", done.stdout)
    failed = re.search(r"(\d+) (?:failed|error)", done.stdout)
    count = int(passed[1]) if passed else 0
    told = row("U40", "flows gone through by keyboard alone (at least 5)", count, "", 5, None)
    yield told | {"held": count >= 5 and failed is None}


def words() -> Iterator[Row]:
    """Count the texts of the page that one language has and another lacks."""
    files = {
        locale: {
            f"{path.stem}.{key}"
            for path in (ROOT / "web" / "src" / "locales" / locale).glob("*.json")
            for key in _keys(json.loads(path.read_text("utf-8")))
        }
        for locale in LOCALES
    }
    every = set.union(*files.values())
    missing = sum(len(every - keys) for keys in files.values())
    yield row(
        "U41", f"texts of the page missing in a language, of {len(every)} x 3", missing, "", 0, 0
    )


def _keys(texts: dict[str, object], before: str = "") -> Iterator[str]:
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from _keys(value, f"{before}{key}.")
        else:
            yield f"{before}{key}"
