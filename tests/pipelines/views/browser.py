"""A real Chromium without a screen, driven through its debugging pipe in real time: for pages whose workers and
graphics do not keep to virtual time."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

BROWSER = next((one for one in ("chromium", "chromium-browser", "google-chrome") if shutil.which(one)), None)
SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
"""WebGL by the processor."""
NO_WEBGL = ("--disable-gpu", "--disable-3d-apis")
PLUMBER = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3]]
for one, number in zip(ends, (3, 4)):
    os.dup2(one, number)
os.execvp(sys.argv[3], sys.argv[3:])
"""
"""Puts the two pipes where the browser looks for them and becomes the browser."""


class Tab:
    """One page in one browser. Use as a context manager; the browser ends with it."""

    def __init__(self, folder: Path, *flags: str, width: int = 1280, height: int = 1000) -> None:
        """Start a browser whose profile lies in a folder."""
        here, theirs = os.pipe(), os.pipe()
        command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-sync",
                   "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
                   f"--window-size={width},{height}", f"--user-data-dir={folder / 'profile'}", *flags,
                   "about:blank"]  # fmt: skip
        plumbed = [sys.executable, "-c", PLUMBER, str(here[0]), str(theirs[1]), *command]
        self.process = subprocess.Popen(plumbed, pass_fds=(here[0], theirs[1]), stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)  # fmt: skip
        os.close(here[0])
        os.close(theirs[1])
        self.into, self.out = os.fdopen(here[1], "wb"), os.fdopen(theirs[0], "rb")
        self.number, self.kept, self.session, self.said = 0, b"", "", []
        (target,) = [one for one in self.ask("Target.getTargets")["targetInfos"] if one["type"] == "page"]
        asked = {"targetId": target["targetId"], "flatten": True}
        self.session = self.ask("Target.attachToTarget", **asked)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def __enter__(self) -> "Tab":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.into.close()
        self.out.close()

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its answer; what the browser says in the meantime is kept in `said`."""
        self.number += 1
        session = {"sessionId": self.session} if self.session else {}
        message = {"id": self.number, "method": method, "params": parameters, **session}
        self.into.write(json.dumps(message).encode() + b"\0")
        self.into.flush()
        while True:
            found = self._next()
            if found.get("id") == self.number:
                assert "error" not in found, found
                return dict(found["result"])
            self.said.append(found)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.kept:
            more = os.read(self.out.fileno(), 1 << 16)
            assert more, "the browser ended"
            self.kept += more
        one, _, self.kept = self.kept.partition(b"\0")
        return dict(json.loads(one))

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def open(self, page: Path, seconds: float = 90) -> None:
        """Open a file and wait until the page says that it is ready."""
        self.ask("Page.navigate", url=page.as_uri())
        until = time.monotonic() + seconds
        while self.run("document.documentElement.dataset.ready") != "yes":
            assert time.monotonic() < until, f"not ready after {seconds} s"
            time.sleep(0.2)

    def picture(self) -> bytes:
        """What stands on the screen, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot")["data"])

    def complaints(self) -> list[str]:
        """What the page wrote to its console, and what the browser logged about it."""
        out = [str(one["params"]["args"]) for one in self.said if one.get("method") == "Runtime.consoleAPICalled"]
        out += [str(one["params"]) for one in self.said if one.get("method") == "Runtime.exceptionThrown"]
        return out + [one["params"]["entry"]["text"] for one in self.said if one.get("method") == "Log.entryAdded"]

    def requests(self) -> list[str]:
        """Addresses that the page asked for."""
        return [one["params"]["request"]["url"] for one in self.said
                if one.get("method") == "Network.requestWillBeSent"]  # fmt: skip
