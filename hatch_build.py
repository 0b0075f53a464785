"""Hatchling's build hook: builds web/ with a Node that comes from PyPI and ships it as app/_web.

PARK_WEB=auto     (default) build when the sources changed; if that cannot be, go on without a page
PARK_WEB=require  fail when the page cannot be built (CI, releases)
PARK_WEB=skip     never build
"""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Builds the page before the wheel, and only when its sources changed."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node (61 MB) only when a build will really happen and the machine has none."""
        page = self._page()
        if page is None or not self._wanted(page) or page.system_node():
            return []
        return [str(page.NODE_REQUIREMENT)]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page; put it into a wheel. An editable install serves web/dist in place."""
        page = self._page()
        if page is None or self.target_name != "wheel":
            return
        if self._wanted(page):
            try:
                page.build(log=self.app.display_info)
            except page.WebBuildError as failure:
                if page.mode() == "require":
                    raise
                self.app.display_warning(f"the API will serve without a page:\n{failure}")
        if version != "editable" and page.fresh():
            build_data["force_include"][str(page.WEB / "dist")] = "app/_web"

    def _wanted(self, page: ModuleType) -> bool:
        return self.target_name == "wheel" and page.mode() != "skip" and not page.fresh()

    def _page(self) -> ModuleType | None:
        """Load web/build_web.py; a source tree without web/ builds without a page."""
        path = Path(self.root, "web", "build_web.py")
        if not path.is_file():
            return None
        spec = importlib.util.spec_from_file_location("park_build_web", path)
        if spec is None or spec.loader is None:
            return None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
