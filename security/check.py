"""The static checks, side by side: dangerous calls, the rules of this house, secrets in the tree.

They read files only and ask nobody: no network, no registry of rules. Ends with 1 when one of them
found something, and says what. ``Check.ends`` is also asked by the tests, on planted mistakes.
"""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
HERE = ROOT / "security"
BIN = Path(sys.executable).parent
PYTHON = ("app", "tools", "scripts", "security/check.py", "hatch_build.py", "web/build_web.py")
PAGE = ("web/src",)
_SEMGREP = (str(BIN / "semgrep"), "scan", "--metrics=off", "--disable-version-check")


@dataclass(frozen=True)
class Check:
    """One tool: what it is for and how it is run."""

    about: str
    command: tuple[str, ...]

    def ends(self) -> tuple[int, str]:
        """Run it; return its status and what it said."""
        done = subprocess.run(self.command, cwd=ROOT, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


def dangerous_calls(targets: Sequence[str]) -> Check:
    config = str(HERE / "bandit.yaml")
    command = (str(BIN / "bandit"), "-q", "-ll", "-c", config, "-r", *targets)
    return Check("dangerous calls (bandit)", command)


def house_rules(targets: Sequence[str]) -> Check:
    command = (*_SEMGREP, "--quiet", "--error", "--config", str(HERE / "rules"), *targets)
    return Check("rules of the house (semgrep)", command)


def rules_work() -> Check:
    """Each rule finds the lines written for it and no others."""
    return Check("rules on their own lines", (*_SEMGREP, "--test", str(HERE / "rules")))


def secrets() -> Check:
    return Check("secrets (detect-secrets)", (sys.executable, str(HERE / "known_secrets.py")))


def main() -> None:
    checks = [
        house_rules([*PYTHON, *PAGE]),
        secrets(),
        dangerous_calls(PYTHON),
        rules_work(),
    ]
    with ThreadPoolExecutor(len(checks)) as pool:
        ends = list(pool.map(Check.ends, checks))
    for check, (status, said) in zip(checks, ends, strict=True):
        if status:
            sys.stderr.write(f"{check.about}: status {status}\n{said}\n")
    sys.exit(any(status for status, _ in ends))


if __name__ == "__main__":
    main()
