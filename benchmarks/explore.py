"""Time from a key press to the changed ranking, in JupyterLab in a real browser.

    python benchmarks/explore.py [--moves 40] [--systems 200 --dimensions 30]

Chromium has to be installed; no request leaves the machine. For each study a slider of the view
`priorities` is moved by the arrow keys, first with a rest after each press, then held down (a press
every 60 ms). The clock runs in the page: from the key to the end of the frame in which the ranking
for this position of the slider is drawn.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mcanalysis.study import read_study, study_frames, study_of, write_study
from tests.explore.lab import jupyterlab, notebook, opened

# The views meet keys at the window and let none further, so the clock listens there too. What
# stands beside the slider tells which of its positions an answer is about: of moves that were
# overtaken, none counts as shown.
CLOCK = """() => {
  const place = document.querySelector('[data-part="priorities/ranking"]');
  const slider = document.activeElement;
  let key = 0, waiting = [];
  window.took = [];
  addEventListener("keydown", () => { key = performance.now(); }, true);
  slider.addEventListener("input", () => waiting.push([slider.value, key]));
  new MutationObserver(() => {
    const shown = slider.getAttribute("aria-valuetext").split(" ")[0];
    const at = waiting.findIndex(([value]) => value === shown);
    if (at < 0) return;
    const pressed = waiting[at][1];
    waiting = waiting.slice(at + 1);
    requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - pressed)));
  }).observe(place, { childList: true });
}"""
PROMISED = {"shipped study": 100, "large study": 250}


def large_study(folder: Path, systems: int, dimensions: int) -> None:
    """Write an invented study of a size: levels at random, a sixth of them gaps."""
    base = read_study("data")
    rng = np.random.default_rng(1)
    s = [f"S{i:03d}" for i in range(systems)]
    d = [f"d{i:02d}" for i in range(dimensions)]
    frames = {n: f for n, f in study_frames(base).items() if "." not in n}
    frames["systems"] = pd.DataFrame({c: frames["systems"][c].iloc[0] for c in frames["systems"]},
                                     index=range(systems)).assign(
        system_id=s, name=s, short_name=s, tile_column=pd.NA, tile_row=pd.NA)  # fmt: skip
    one = frames["dimensions"].iloc[0]
    frames["dimensions"] = pd.DataFrame({c: one[c] for c in frames["dimensions"]},
                                        index=range(dimensions)).assign(
        dimension_id=d, name=[f"Dimension {x}" for x in d], short_name=d)  # fmt: skip
    cells = pd.MultiIndex.from_product([s, d]).to_frame(
        index=False, name=["system_id", "dimension_id"]
    )
    cells = cells[rng.random(len(cells)) > 1 / 6]
    frames["indicators"] = cells.assign(
        year=2024, level=rng.integers(0, 4, len(cells)), statement="Illustrative: invented.",
        source_id=base.sources["source_id"].iloc[0], locator="p. 1",
        confidence=rng.choice(["high", "medium", "low"], len(cells)), comparable="yes",
    )  # fmt: skip
    frames["swot_factors"] = frames["swot_factors"].iloc[:0]
    links = frames["benefit_enablers"].drop_duplicates("benefit_id").head(20).copy()
    links["dimension_id"] = [d[i % dimensions] for i in range(len(links))]
    frames["benefit_enablers"] = links
    write_study(study_of(frames), folder)


def measure(page, moves: int, pause: int) -> list[float]:
    """Press arrow keys on a slider; return the milliseconds of each change of the ranking."""
    page.evaluate("() => { window.took = []; }")
    for n in range(moves):
        page.keyboard.press("ArrowRight" if n // 4 % 2 == 0 else "ArrowLeft")
        page.wait_for_timeout(pause)
    page.wait_for_timeout(1500)
    return page.evaluate("() => window.took")


def main() -> None:
    """Measure both studies and print median and 95th percentile."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=40)
    parser.add_argument("--systems", type=int, default=200)
    parser.add_argument("--dimensions", type=int, default=30)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        sys.exit("This needs Chromium: apt-get install chromium")
    figures = {}
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place, "work")
        shutil.copytree("data", folder / "shipped")
        large_study(folder / "large", given.systems, given.dimensions)
        for name in ("shipped", "large"):
            notebook(
                folder / f"{name}.ipynb",
                f'from mcanalysis import explore\nexplore.priorities("{name}")',
            )
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        with jupyterlab(folder, Path(place, "home")) as address:
            for name, title in zip(("shipped", "large"), PROMISED, strict=True):
                page = browser.new_page(viewport={"width": 1280, "height": 1000})
                opened(page, address, f"{name}.ipynb")
                page.wait_for_selector(".mcx .live-rank", timeout=150_000)
                page.get_by_label("The sliders say").select_option("weights")
                page.wait_for_function(
                    "() => document.querySelector('.mcx output').innerText.endsWith('%')"
                )
                page.wait_for_timeout(1500)
                page.locator(".mcx input[type=range]").first.focus()
                page.evaluate(CLOCK)
                for how, pause in (("a rest after each press", 700), ("key held down", 60)):
                    took = measure(page, given.moves, pause)
                    if not took:
                        sys.exit(f"{title}, {how}: no press of a key changed the ranking.")
                    figures[f"{title}, {how}"] = {
                        "median": float(np.median(took)), "p95": float(np.percentile(took, 95)),
                        "changes": len(took), "presses": given.moves, "at most": PROMISED[title],
                    }  # fmt: skip
                page.close()
        browser.close()
    if given.json:
        print(json.dumps(figures, indent=1))
        return
    print("Key press to changed ranking in JupyterLab, milliseconds")
    for what, f in figures.items():
        reached = "reached" if f["median"] <= f["at most"] else "not reached"
        print(f"  {what:<42} median {f['median']:5.0f}  95th {f['p95']:5.0f}  "
              f"{f['changes']:3d} of {f['presses']} shown  | "
              f"at most {f['at most']}: {reached}")  # fmt: skip


if __name__ == "__main__":
    main()
