"""A real Chromium without a window, driven through chromedriver's own protocol (W3C WebDriver) over HTTP."""

from __future__ import annotations

import base64
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

from tests.admin.admin_side import free_port

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--lang=sv",
)

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The name under which WebDriver gives elements."""

AXE = Path(__file__).resolve().parent / "vendor" / "axe-4.14.1.min.js"

WAIT_S = 10.0

MISSING = (
    "Chromium and its driver are not installed: apt install chromium chromium-driver (make browser does it as root)"
)


class BrowserError(Exception):
    """What WebDriver answered instead of doing what it was told."""


class Chromium:
    """One window."""

    def __init__(self, client: httpx.AsyncClient, session: str) -> None:
        self._client = client
        self._path = f"/session/{session}"

    async def _do(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = await self._client.request(method, self._path + path, json=body if method == "POST" else None)
        value = answer.json()["value"]
        if answer.status_code != 200:
            raise BrowserError(f"{value['error']}: {value['message'].splitlines()[0]}")
        return value

    # -- going and looking -------------------------------------------------------------------------------------------

    async def go(self, url: str) -> None:
        await self._do("POST", "/url", {"url": url})

    async def address(self) -> str:
        return str(await self._do("GET", "/url"))

    async def run(self, script: str, *given: object) -> Any:
        """The value that the script returns. Scripts of WebDriver stand outside the page's policy."""
        return await self._do("POST", "/execute/sync", {"script": script, "args": list(given)})

    async def find(self, css: str) -> str:
        """The element, waiting for it. Raises BrowserError when it does not come."""
        deadline = trio.current_time() + WAIT_S
        while True:
            try:
                found = await self._do("POST", "/element", {"using": "css selector", "value": css})
            except BrowserError as error:
                if trio.current_time() > deadline:
                    raise BrowserError(f"no {css} at {await self.address()}") from error
                await trio.sleep(0.05)
            else:
                return str(found[ELEMENT])

    async def text(self, css: str) -> str:
        return str(await self._do("GET", f"/element/{await self.find(css)}/text"))

    async def until(self, script: str, *given: object) -> Any:
        """What the script returns, once that is something."""
        deadline = trio.current_time() + WAIT_S
        while trio.current_time() < deadline:
            value = await self.run(script, *given)
            if value:
                return value
            await trio.sleep(0.05)
        raise BrowserError(f"never true: {script}")

    # -- doing -------------------------------------------------------------------------------------------------------

    async def click(self, css: str) -> None:
        await self._do("POST", f"/element/{await self.find(css)}/click", {})

    async def type(self, css: str, text: str) -> None:
        """Puts the text where another stood."""
        element = await self.find(css)
        await self._do("POST", f"/element/{element}/clear", {})
        await self._do("POST", f"/element/{element}/value", {"text": text})

    async def press(self, keys: str) -> None:
        """Keys to whatever has the focus, as WebDriver names them: Tab is U+E004, Enter U+E007."""
        acts = [act for key in keys for act in ({"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})]
        await self._do("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": acts}]})

    # -- how it looks ------------------------------------------------------------------------------------------------

    async def _cdp(self, command: str, **params: object) -> Any:
        return await self._do("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    async def screen(self, width: int, height: int = 900, *, dark: bool = False) -> None:
        """A screen of so many pixels, by day or by night."""
        await self._cdp(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        await self._cdp("Emulation.setEmulatedMedia", features=features)

    async def picture(self, most: int = 4000) -> bytes:
        """The page as PNG, `most` pixels high."""
        metrics = await self._cdp("Page.getLayoutMetrics")
        size = metrics["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], most), "scale": 1}
        shot = await self._cdp("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    async def overflows(self) -> list[str]:
        """What reaches beyond the screen's right edge, so that the page would have to be pushed sideways."""
        script = """
            const wide = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= wide) { return []; }
            return Array.from(document.querySelectorAll("body *"))
                .filter((each) => each.getBoundingClientRect().right > wide + 1)
                .map((each) => each.tagName + "." + each.className).slice(0, 5);
        """
        return list(await self.run(script))

    async def faults(self) -> list[str]:
        """What axe finds of serious and critical faults, each with the first place."""
        await self.run(AXE.read_text(encoding="utf-8"))
        script = """
            const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ["violations"] }).then((found) => done(found.violations
                .filter((each) => each.impact === "serious" || each.impact === "critical")
                .map((each) => each.id + ": " + each.nodes[0].target.join(" ") + " " +
                    each.nodes[0].any.concat(each.nodes[0].all).map((why) => why.message).join("; "))));
        """
        return list(await self._do("POST", "/execute/async", {"script": script, "args": []}))

    async def complaints(self) -> list[str]:
        """What the browser has said in its console since it was last asked: refused scripts and styles, failures."""
        entries = await self._do("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]


@asynccontextmanager
async def chromium() -> AsyncIterator[Chromium]:
    """A new browser with nothing kept from another. Skips the test where there is none."""
    driver, binary = shutil.which("chromedriver"), shutil.which("chromium")
    if driver is None or binary is None:
        pytest.skip(MISSING)
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await trio.lowlevel.open_process(
            [driver, f"--port={port}", "--log-level=OFF"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
                options = {"binary": binary, "args": [*FLAGS, f"--user-data-dir={profile}"]}
                wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
                body = {"capabilities": {"alwaysMatch": wanted}}
                answer = (await _first(client, body)).json()["value"]
                if "sessionId" not in answer:
                    raise BrowserError(answer["message"])
                session = str(answer["sessionId"])
                yield Chromium(client, session)
                with trio.CancelScope(shield=True, deadline=trio.current_time() + 10):
                    await client.delete(f"/session/{session}")
        finally:
            process.terminate()
            with trio.CancelScope(shield=True, deadline=trio.current_time() + 10):
                await process.wait()


async def _first(client: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response:
    """The driver takes a moment until it listens."""
    deadline = trio.current_time() + 30
    while True:
        try:
            return await client.post("/session", json=body)
        except httpx.ConnectError:
            if trio.current_time() > deadline:
                raise
            await trio.sleep(0.05)
