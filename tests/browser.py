"""Headless Chromium, driven by selenium, and what a test reads of the explorer in it.

Where one of them is missing, tests that need them are skipped with a reason; where the environment has
CADENA_NEEDS_BROWSER, as in `.ci/run`, they fail.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autograd.page.document import SCRIPTS
from autograd.page.javascript import table_source
from autograd.primitives import PRIMITIVES

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
    "--disable-dev-shm-usage",  # the shared memory of a container is small
)

ENGINE = SCRIPTS[: SCRIPTS.index("layout.js") + 1]
"""The scripts that compute, tell and lay out, and draw nothing."""

ASSETS = Path(__file__).parent.parent / "autograd" / "page"

DESK, PHONE = (1280, 800), (360, 740)

ENTER, ESCAPE, LEFT, RIGHT, HOME, END = "\ue007", "\ue00c", "\ue012", "\ue014", "\ue011", "\ue010"


def missing() -> str:
    """What is missing for the tests in a browser; empty where nothing is."""
    programs = [name for name in ("chromium", "chromedriver") if not shutil.which(name)]
    modules = [] if find_spec("selenium") else ["the Python package selenium"]
    return ", ".join(programs + modules)


def require_browser() -> None:
    """Skips the test where there is no browser, or fails it where there has to be one."""
    if missing():
        (pytest.fail if os.environ.get("CADENA_NEEDS_BROWSER") else pytest.skip)(f"not installed: {missing()}")


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """A browser with an empty profile, which ends with the block."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


class Numbers(NamedTuple):
    """What the table of all values shows of a node."""

    value: float
    adjoint: float


class Browser:
    """The browser, and the explorer in it."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.frame(*DESK)

    def frame(self, width: int, height: int, dark: bool = False) -> None:
        """The size of the window, and whether its owner likes it dark."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        liked = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [liked]})

    def open(self, path: Path) -> None:
        self.driver.get(path.as_uri())

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def engine(self, script: str, *arguments: Any) -> Any:
        """Runs a script that sees the whole table, and what the page computes, tells and lays out with."""
        sources = [table_source(PRIMITIVES.values()), *((ASSETS / name).read_text(encoding="utf-8") for name in ENGINE)]
        return self.run("\n".join([*sources, script]), *arguments)

    # ---- what is done

    def press(self, keys: str) -> None:
        """Keys, where the focus is."""
        self.driver.switch_to.active_element.send_keys(keys)

    def click(self, name: str) -> None:
        self.driver.find_element("id", name).click()

    def choose(self, name: str) -> None:
        """Puts the focus on a node and presses Enter."""
        found = self.run(
            "const found = [...document.querySelectorAll('.node')]"
            ".find((node) => node.querySelector('.name')?.textContent === arguments[0]);"
            "found?.focus(); return Boolean(found);",
            name,
        )
        assert found, name
        self.press(ENTER)

    def type_leaf(self, name: str, text: str) -> None:
        """Types a number into the field of a leaf."""
        field = self.driver.find_element("css selector", f'#leaves-list input[aria-label="value of {name}"]')
        field.clear()
        field.send_keys(text + ENTER)

    # ---- what is read

    def text(self, name: str) -> str:
        return str(self.run("return document.getElementById(arguments[0]).textContent", name))

    def texts(self, selector: str) -> list[str]:
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector
        )
        return found

    def numbers(self) -> dict[str, Numbers]:
        """The table of all values, in all digits."""
        return {name: Numbers(float(value), float(adjoint)) for name, _, value, adjoint in self.rows()}

    def rows(self) -> list[list[str]]:
        """The rows of that table: name, operation, value, adjoint."""
        rows: list[list[str]] = self.run(
            "document.getElementById('all-values').open = true;"
            "document.getElementById('all-values').dispatchEvent(new Event('toggle'));"
            "const cells = (row) => [...row.children].map((cell) => cell.textContent);"
            "return [...document.querySelectorAll('#values tr')].map(cells)"
        )
        return rows

    def requests(self) -> list[str]:
        """The addresses that were asked for since this was last asked, without what the policy has blocked."""
        entries = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [entry["params"] for entry in entries if entry["method"] == "Network.requestWillBeSent"]
        failed = [entry["params"] for entry in entries if entry["method"] == "Network.loadingFailed"]
        blocked = {each["requestId"] for each in failed if each.get("blockedReason") == "csp"}
        return [each["request"]["url"] for each in sent if each["requestId"] not in blocked]

    def complaints(self) -> Sequence[str]:
        """What was said on the console since this was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]
