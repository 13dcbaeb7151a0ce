"""Pages on paper: tagged PDF printed by Chromium, with contents that say the page of each section.

Chromium is asked over a pipe, one process for all pages of a run. It cannot number the contents by
itself, so every page is printed twice: to see where its sections land, then with their numbers. How
charts are drawn and where paper breaks is the business of the page.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import os
import re
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mcanalysis.errors import ReportError
from mcanalysis.report.record import beside, digest_of, read_record, write_aside, write_record
from mcanalysis.report.scratch import scratch_folder

PATIENCE = 60.0
"""Seconds that Chromium may take for an answer."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PAPER = 680
"""Width of the text on A4 in CSS pixels: 210 mm without the margins of the stylesheet."""

_OPTIONS = (
    "--headless", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
# Chromium reads from 3 and writes to 4: this puts them there and is replaced by it.
_PUT = """import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3), os.dup2(ends[1], 4)
[os.close(end) for end in ends]
os.execv(sys.argv[3], sys.argv[3:])"""
_PREPARE = """(async () => {
  document.documentElement.classList.add("pdf");
  for (const link of document.querySelectorAll("a[href]")) {
    if (!/^(#|https?:)/.test(link.getAttribute("href"))) link.removeAttribute("href");
  }
  const numbers = [...document.querySelectorAll(".toc a")].map((link) => {
    const number = document.createElement("span");
    number.className = "at-page";
    number.textContent = "000";
    link.append(number);
    return link.getAttribute("href").slice(1);
  });
  dispatchEvent(new Event("beforeprint"));
  // A long table goes on overleaf, row by row; a chart and a short table stay whole.
  for (const figure of document.querySelectorAll("figure:not(.chart)")) {
    if (figure.offsetHeight > 560) figure.classList.add("long");
  }
  const places = [...document.querySelectorAll(".plot")].filter((place) => place.clientWidth);
  for (let left = 1000; !places.every((place) => place.dataset.drawn); left -= 1) {
    if (!left) throw new Error("its charts are not drawn");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await document.fonts.ready;
  return numbers;
})()"""
_NUMBER = """(pages) => {
  document.querySelectorAll(".at-page").forEach((number, i) => { number.textContent = pages[i]; });
}"""


def find_chromium() -> str:
    """Return the path of Chromium or Chrome.

    Raises
    ------
    ReportError
        If there is none, or pypdf is missing.
    """
    try:
        import pypdf  # noqa: F401
    except ModuleNotFoundError:
        raise ReportError(
            '--pdf needs pypdf, which is not installed. Install the extra: pip install "mcanalysis'
            '[pdf]".'
        ) from None
    if os.name != "posix":
        raise ReportError("--pdf works on Linux and macOS. Elsewhere print a page from a browser.")
    given = os.environ.get("CHROMIUM")
    if given:
        found = shutil.which(given)
        if found is None:
            raise ReportError(f'CHROMIUM is "{given}", which is no program. Give its path.')
        return found
    chrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    found = next(filter(None, map(shutil.which, (*NAMES, chrome))), None)
    if found is None:
        raise ReportError(
            "--pdf needs Chromium or Chrome, and there is none on the PATH. Install it (Debian and "
            "Ubuntu: apt-get install chromium), or set CHROMIUM to its path."
        )
    return found


class Chromium:
    """A headless browser that prints, for as long as the context lasts.

    Parameters
    ----------
    path : str
        From `find_chromium`.
    """

    def __init__(self, path: str) -> None:
        self.path, self.last, self.left = path, 0, b""

    def __enter__(self) -> Self:
        self._held = scratch_folder()
        profile = self._held.__enter__()
        theirs_in, self.ask = os.pipe()
        self.answers, theirs_out = os.pipe()
        options = [*_OPTIONS, f"--user-data-dir={profile}"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")  # Chromium has none for root
        ends = (str(theirs_in), str(theirs_out))
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _PUT, *ends, self.path, *options, "about:blank"],
            pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            self.call("Browser.getVersion")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        os.close(self.ask)  # it ends when nobody can ask any more
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.answers)
        self._held.__exit__(None, None, None)

    def print_page(self, page: Path) -> bytes:
        """Print a page of a site.

        Parameters
        ----------
        page : Path
            The HTML file.

        Returns
        -------
        bytes
            Tagged PDF with an outline; links to other pages of the site are text, for the file is
            passed on alone.

        Raises
        ------
        ReportError
            If Chromium fails or takes too long.
        """
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        try:
            attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
            tab = attached["sessionId"]
            self.call("Page.enable", tab)
            light = [{"name": "prefers-color-scheme", "value": "light"}]
            self.call("Emulation.setEmulatedMedia", tab, media="print", features=light)
            self.call("Emulation.setDeviceMetricsOverride", tab, width=PAPER, height=960,
                      deviceScaleFactor=1, mobile=False)  # fmt: skip
            self.call("Page.navigate", tab, url=page.resolve().as_uri())
            self.wait_for("Page.loadEventFired", tab)
            sections = self.evaluate(_PREPARE, tab)
            found = pages_of_sections(self._print(tab), sections)
            self.evaluate(f"({_NUMBER})({json.dumps(found)})", tab)
            return self._print(tab)
        finally:
            with contextlib.suppress(ReportError):
                self.call("Target.closeTarget", targetId=target)

    def _print(self, tab: str) -> bytes:
        printed = self.call("Page.printToPDF", tab, preferCSSPageSize=True, printBackground=True,
                            generateTaggedPDF=True, generateDocumentOutline=True)  # fmt: skip
        return base64.b64decode(printed["data"])

    def evaluate(self, code: str, tab: str) -> Any:
        """Run JavaScript in a tab; return what it comes to."""
        said = self.call("Runtime.evaluate", tab, expression=code, awaitPromise=True,
                         returnByValue=True)  # fmt: skip
        if "exceptionDetails" in said:
            told = said["exceptionDetails"]
            why = told.get("exception", {}).get("description") or told.get("text", "")
            raise ReportError(f"The page has an error: {why.partition(chr(10))[0]}")
        return said["result"].get("value")

    def call(self, method: str, tab: str | None = None, **given: Any) -> dict[str, Any]:
        """Ask Chromium for something; return the answer."""
        self.last += 1
        message: dict[str, Any] = {"id": self.last, "method": method, "params": given}
        if tab:
            message["sessionId"] = tab
        try:
            with os.fdopen(os.dup(self.ask), "wb") as way:
                way.write(json.dumps(message).encode() + b"\0")
        except OSError:
            raise ReportError(_ENDED) from None
        answer = self._hear(lambda said: said.get("id") == self.last)
        if "error" in answer:
            raise ReportError(f"Chromium refused {method}: {answer['error'].get('message')}")
        result: dict[str, Any] = answer["result"]
        return result

    def wait_for(self, event: str, tab: str) -> None:
        """Wait until an event of a tab is told."""
        self._hear(lambda said: said.get("method") == event and said.get("sessionId") == tab)

    def _hear(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        with selectors.DefaultSelector() as selector:
            selector.register(self.answers, selectors.EVENT_READ)
            while True:
                said, mark, rest = self.left.partition(b"\0")
                if mark:
                    self.left = rest
                    message = json.loads(said)
                    if wanted(message):
                        found: dict[str, Any] = message
                        return found
                    continue
                if not selector.select(max(0.0, end - time.monotonic())):
                    raise ReportError(f"Chromium did not answer in {PATIENCE:g} s.")
                part = os.read(self.answers, 1 << 20)
                if not part:
                    raise ReportError(_ENDED)
                self.left += part


_ENDED = "Chromium ended by itself. Run it by hand to see why."


def pages_of_sections(pdf: bytes, sections: Sequence[str]) -> list[str]:
    """Return the number of the paper page on which each section begins."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    places = reader.named_destinations
    found = []
    for section in sections:
        place = places.get(section) or places.get(f"/{section}")
        number = None if place is None else reader.get_destination_page_number(place)
        found.append("" if number is None else str(number + 1))
    return found


def dated(pdf: bytes, day: str) -> bytes:
    """Give a PDF the date of its edition, so that the same page makes the same bytes."""
    stamp = f"D:{day.replace('-', '')}000000".encode()
    return re.sub(rb"(/(?:CreationDate|ModDate) ?\()D:\d{14}", lambda found: found[1] + stamp, pdf)


def print_pages(
    out: Path, pages: Sequence[str], library: str, chromium: str
) -> tuple[list[str], dict[str, str]]:
    """Print the pages of a site whose PDF is missing or out of date.

    Parameters
    ----------
    out : Path
        Root of the site.
    pages : sequence of str
        Addresses below the root, without ending.
    library : str
        Digest of this library.
    chromium : str
        From `find_chromium`.

    Returns
    -------
    tuple of list and dict
        Pages that were printed; page -> why not, for those that were not.
    """
    wanted = []
    for page in pages:
        html, known = digest_of(out / page), read_record(beside(out / page, ".json")).get("pdf", {})
        now = {"page_sha256": html, "library": library, "sha256": digest_of(out / page, ".pdf")}
        if html is not None and known != now:
            wanted.append((page, html))
    printed: list[str] = []
    failed: dict[str, str] = {}
    if not wanted:
        return printed, failed
    with contextlib.ExitStack() as stack:
        browser: Chromium | None = None
        for page, html in wanted:
            place, record = out / page, read_record(beside(out / page, ".json"))
            try:
                browser = browser or stack.enter_context(Chromium(chromium))
                pdf = browser.print_page(beside(place, ".html"))
            except ReportError as error:
                if browser is None:  # it does not start: nor will it for the others
                    left = (other for other, _ in wanted if other not in printed)
                    return printed, dict.fromkeys(left, str(error)) | failed
                failed[page] = str(error)
                stack.close()
                browser = None
                continue
            pdf = dated(pdf, record.get("edition", "1970-01-01"))
            write_aside(beside(place, ".pdf"), pdf)
            known = {"page_sha256": html, "library": library}
            known["sha256"] = hashlib.sha256(pdf).hexdigest()
            write_record(place, {**record, "pdf": known})
            printed.append(page)
    return printed, failed
