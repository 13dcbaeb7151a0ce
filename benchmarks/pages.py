"""How large pages are, and how fast a browser shows them.

    python benchmarks/pages.py [--repeats 5] [--cards 500] [--quick]

Makes a country and the comparison page, beside a shared plotly.js and in one file, opens them in a
headless Chromium, each in a fresh context, from disk and over HTTP from this machine; and an index
of many pages. Aims: one file below 1 MB; a country page below 250 kB beside the shared script;
first content within 0.5 s, last chart within 1.5 s.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.parent
PAGES = {"country": "country/DE.html", "comparison": "comparison/comparison.html"}
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WATCH = """(() => {
  const done = () => {
    const plots = [...document.querySelectorAll('.plot')];
    if (plots.length && plots.every((p) => p.dataset.drawn)) window.lastChart ??= performance.now();
  };
  addEventListener('DOMContentLoaded', () => new MutationObserver(done).observe(document.body,
    {subtree: true, attributes: true, attributeFilter: ['data-drawn']}));
})();"""
FIRST = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
LAST = "window.lastChart"
USABLE = "performance.getEntriesByType('navigation')[0].domInteractive"
SEARCH = """(() => {
  const field = document.getElementById('q');
  field.addEventListener('keydown', () => { window.pressed = performance.now(); });
  field.addEventListener('input', () => requestAnimationFrame(() => setTimeout(() => {
    window.listed = performance.now() - window.pressed;
  })));
  field.focus();
})()"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves without telling."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def report(out: Path, *words: str) -> None:
    """Make pages with the command that a user gives."""
    command = [sys.executable, "-m", "mcanalysis", "report", *words, "--out", str(out)]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr[-2000:]}")


def write_large_index(place: Path, cards: int) -> None:
    """Write the index of a study with so many systems: those of ours, again and again."""
    from dataclasses import replace

    import pandas as pd

    from mcanalysis.report.index import Entry, render_index
    from mcanalysis.study import read_study

    study, tables = read_study(HERE / "data"), {}
    base = study.systems["system_id"]
    for name in ("systems", "indicators", "swot_factors"):
        frame, copies = getattr(study, name), []
        for n in range(-(-cards // len(base))):
            kept = base.iloc[: cards - n * len(base)]
            copy = frame[frame["system_id"].isin(kept)].copy()
            if n:
                copy["system_id"] = copy["system_id"] + f"-{n}"
                if name == "systems":
                    copy["name"] = copy["name"] + f" {n}"
                if "factor_id" in copy:
                    copy["factor_id"] = copy["factor_id"] + f"-{n}"
            copies.append(copy)
        tables[name] = pd.concat(copies, ignore_index=True)
    large = replace(study, **tables)
    entries = [
        Entry("country", s, f"{n}: how microcredentials fit in", f"country/{s}.html", "made",
              None, None, True)
        for s, n in zip(large.systems["system_id"], large.systems["name"], strict=True)
    ]  # fmt: skip
    inputs = {"systems.csv": (len(large.systems), "0" * 64)}
    counts = {"made": cards, "unchanged": 0, "failed": 0}
    place.write_text(render_index(large, entries, "2026-01-01", inputs, counts), encoding="utf-8")


def opened(browser: Any, address: str, ready: str, act: Callable[[Any], Any]) -> Any:
    """Open an address in a fresh context; return what `act` finds once it is ready."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    for _ in range(1000):
        if page.evaluate(f"{ready} !== undefined"):
            break
        page.wait_for_timeout(20)
    else:
        raise SystemExit(f"{address}: never ready")
    found = act(page)
    context.close()
    return found


def search(page: Any) -> tuple[float, float]:
    """Return when the index could be used, and how long from a key to the filtered list, in ms."""
    page.evaluate(SEARCH)
    times = []
    for key in "german":
        page.evaluate("window.listed = undefined")
        page.keyboard.press(key)
        while (listed := page.evaluate("window.listed")) is None:
            page.wait_for_timeout(5)
        times.append(listed)
    assert page.locator(".card:visible").count() < page.locator(".card").count()
    return page.evaluate(USABLE), max(times)


def line(name: str, values: Sequence[float], aim: float | None = None) -> str:
    """Return a line: median, smallest and largest, in ms, and whether an aim is reached."""
    middle = statistics.median(values)
    said = f"  {name:<42} {middle:6.0f} ms ({min(values):.0f} to {max(values):.0f})"
    return said if aim is None else f"{said} | {reached(middle < aim, f'below {aim:g} ms')}"


def reached(so: bool, aim: str) -> str:
    """Say whether an aim is reached."""
    return f"{aim}: {'' if so else 'not '}reached"


def size(name: str, file: Path, aim: int | None = None) -> str:
    """Return a line: the size of a file, packed as a server does, and whether an aim is reached."""
    content = file.read_bytes()
    n, packed = len(content) / 1000, len(gzip.compress(content)) / 1000
    said = f"  {name:<42} {n:6.0f} kB ({packed:.0f} kB gzip)"
    return said if aim is None else f"{said} | {reached(n < aim, f'below {aim} kB')}"


def main() -> None:
    """Make, open, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--cards", type=int, default=500, help="pages on the index")
    parser.add_argument("--quick", action="store_true", help="the country page only")
    given = parser.parse_args()
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        raise SystemExit("No Chromium here. Install it: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    names = ["country"] if given.quick else list(PAGES)
    with tempfile.TemporaryDirectory() as place:
        site, alone = Path(place, "site"), Path(place, "alone")
        for out, how in ((site, []), (alone, ["--single-file"])):
            for name in names:
                only = ["--only", "DE"] if name == "country" else []
                report(out, name, *only, *how)
        write_large_index(site / "large.html", given.cards)
        print("Size")
        print(size("plotly.js, shared", next((site / "assets").iterdir())))
        for name in names:
            aim = 250 if name == "country" else None
            print(size(f"{name} page beside it", site / PAGES[name], aim))
            print(size(f"{name} page in one file", alone / PAGES[name], 1000))
        print(size(f"index of {given.cards} pages", site / "large.html"), flush=True)
        with sync_playwright() as playwright, served(site) as base:
            browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
            print(f"\nTime, Chromium {browser.version}, median of {given.repeats}")
            ways = {"file": f"{site.as_uri()}/", "HTTP": base, "one file": f"{alone.as_uri()}/"}
            opened(browser, f"{base}{PAGES['country']}", LAST, lambda _: None)  # warms up
            for name in names:
                for way, start in ways.items():
                    times = [
                        opened(browser, start + PAGES[name], LAST,
                               lambda page: (page.evaluate(FIRST), page.evaluate(LAST)))
                        for _ in range(given.repeats)
                    ]  # fmt: skip
                    first, last = zip(*times, strict=True)
                    print(line(f"{name}, {way}: first content", first, 500))
                    print(line(f"{name}, {way}: last chart", last, 1500), flush=True)
            times = [
                opened(browser, f"{base}large.html", FIRST, search) for _ in range(given.repeats)
            ]
            usable, listed = zip(*times, strict=True)
            print(line(f"index of {given.cards} pages: can be used", usable))
            print(line("index: slowest of six keys to its list", listed))
            browser.close()


if __name__ == "__main__":
    main()
