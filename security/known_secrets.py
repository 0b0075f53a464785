"""No secret in the tree: every text in git is read; what looks like one must be in the baseline.

``python security/known_secrets.py`` ends with 1 and tells where, when something new looks like a
secret. ``--write`` renews the baseline: look at each new line of it before it is committed. It
holds per file the kinds and hashes of what was found harmless, so lines may move.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).parents[1]
BASELINE = ROOT / "security" / "secrets.json"
#: Generated or counted: hashes of packages and of measured data, revisions of migrations.
PASSED_OVER = re.compile(
    r"^(bench/data/|bench/results/|migrations/versions/|uv\.lock$|web/package-lock\.json$"
    r"|docs/openapi\.json$|security/secrets\.json$|tests/data/|app/catalogues/data/"
    r"|app/demo/texts\.jsonl$)"
    r"|\.(png|webp|xlsx|xls|ico|woff2?|pdf|zip)$"
)

#: The kinds that can stand here; every kind asks every line, and some are for clouds we do not use.
KINDS = {
    "plugins_used": [
        {"name": "AWSKeyDetector"},
        {"name": "Base64HighEntropyString", "limit": 4.5},
        {"name": "BasicAuthDetector"},
        {"name": "GitHubTokenDetector"},
        {"name": "HexHighEntropyString", "limit": 3.0},
        {"name": "JwtTokenDetector"},
        {"name": "KeywordDetector"},
        {"name": "OpenAIDetector"},
        {"name": "PrivateKeyDetector"},
    ]
}


def tracked() -> list[str]:
    """Return the files of the repository that people write."""
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = told.stdout.decode().split("\0")
    return [n for n in names if n and not PASSED_OVER.search(n) and (ROOT / n).is_file()]


def scanned(names: Iterable[str], root: Path = ROOT) -> Iterator[tuple[str, int, str]]:
    """Yield what looks like a secret: file, line, and its kind with the hash of its text."""
    found = SecretsCollection(root=str(root))
    with transient_settings(KINDS):
        for name in names:
            found.scan_file(name)
    for name, secret in sorted(found, key=lambda f: (f[0], f[1].line_number, f[1].type)):
        yield name, secret.line_number, f"{secret.type} {secret.secret_hash}"


def new(names: Iterable[str], root: Path = ROOT) -> list[str]:
    """Return ``file:line kind hash`` for each find nobody has looked at yet."""
    seen = json.loads(BASELINE.read_text("utf-8"))
    return [
        f"{name}:{line} {what}"
        for name, line, what in scanned(names, root)
        if what not in seen.get(name, ())
    ]


def write() -> None:
    """Renew the baseline."""
    known: dict[str, list[str]] = {}
    for name, _, what in scanned(tracked()):
        known.setdefault(name, []).append(what)
    told = {name: sorted(set(finds)) for name, finds in sorted(known.items())}
    BASELINE.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def main() -> None:
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--write", action="store_true", help="renew the baseline")
    if asks.parse_args().write:
        write()
        return
    found = new(tracked())
    for line in found:
        sys.stderr.write(f"{line}: looks like a secret\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
