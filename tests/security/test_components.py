"""The bill of materials, and what the image is made of."""

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def _bill(target: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(target.read_text("utf-8"))
    return told


@pytest.mark.slow
def test_the_bill_names_every_package_that_is_shipped(tmp_path: Path) -> None:
    """The bill is written as `make sbom` writes it, and compared with the two lock files."""
    subprocess.run([str(ROOT / "scripts/sbom"), str(tmp_path)], check=True, capture_output=True)
    python, page = (_bill(tmp_path / name) for name in ("python.cdx.json", "page.cdx.json"))
    assert {python["bomFormat"], page["bomFormat"]} == {"CycloneDX"}
    known = {
        (p["name"], p["version"]): p
        for p in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    }
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    named = {component["name"] for component in python["components"]}
    for line in declared:
        name = line.split("[")[0].split(">")[0].split("=")[0].split("<")[0].strip().lower()
        assert name in named, name
    for component in python["components"]:
        locked_at = known[component["name"], component["version"]]
        assert locked_at["source"] == {"registry": "https://pypi.org/simple"}
        found = [h["content"] for r in component["externalReferences"] for h in r["hashes"]]
        assert found, component["name"]
    assert not {"pytest", "ruff", "mypy"} & named, "tools of development are not shipped"
    locked = json.loads((ROOT / "web/package-lock.json").read_text("utf-8"))["packages"]
    shipped = {
        p.rsplit("node_modules/", 1)[-1] for p, told in locked.items() if p and not told.get("dev")
    }
    in_page = {"/".join(filter(None, (c.get("group"), c["name"]))) for c in page["components"]}
    assert shipped <= in_page


def test_every_package_of_the_page_is_pinned_by_its_hash_and_from_the_registry() -> None:
    locked = json.loads((ROOT / "web/package-lock.json").read_text("utf-8"))["packages"]
    for place, told in locked.items():
        if not place or told.get("link"):
            continue
        assert told["resolved"].startswith("https://registry.npmjs.org/"), place
        assert told["integrity"].startswith("sha512-"), place


def test_the_image_holds_no_history_and_no_tests() -> None:
    """What the builder may see is listed by name; the image is its environment alone."""
    taken = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    ]
    assert (ROOT / ".dockerignore").read_text("utf-8").splitlines()[1] == "*"
    assert not {".git", "tests", "bench", ".env", "deploy"} & set(taken)
    image = (ROOT / "Dockerfile").read_text("utf-8").rpartition("\nFROM ")[2]
    copied = [line for line in image.splitlines() if line.startswith(("COPY", "ADD"))]
    assert copied == ["COPY --from=build /srv/park/.venv /srv/park/.venv"]
    assert "--no-dev" in (ROOT / "Dockerfile").read_text("utf-8")
