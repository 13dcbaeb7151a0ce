"""How long reports take, beside papermill and nbconvert in a shell loop.

    python benchmarks/reports.py [--bare PYTHON] [--many 2000] [--repeats 3] [--loop 2]

All arms make country reports of the shipped study and run by turns, so that a busy moment hits all;
figures are seconds per report, medians of the repeats, with the start of every process in them. The
shell loop is slow: it makes a few reports per repeat, and what one costs does not depend on their
number. Each page is checked: its end, its charts, its own run. The loop's pages are plain exports
of the notebook; ours have contents, numbered sources and a record.

Aims for 40 country reports on two cores: the shell loop takes at least 35 times our wall time and
17.5 times our processor time (20 and 10 in an environment without JupyterLab, see --bare), straight
Python at least 1 / 1.4 of ours; one report from a cold start in 1.5 s; nothing to do in under 1 s
for 200 pages; a report costs the same among 2,000 (--many), with memory flat.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from multiprocessing import active_children
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
NOTEBOOK, STUDY = HERE / "notebooks" / "country.ipynb", HERE / "data"
REPORTS = 40
ONE_PROCESS = """
import sys
import papermill
from nbconvert import HTMLExporter
notebook, study, out, *systems = sys.argv[1:]
exporter = HTMLExporter()
for system in systems:
    done = papermill.execute_notebook(
        notebook, f"{out}/{system}.ipynb", {"system": system, "study": study},
        cwd=out, progress_bar=False,
    )
    html, _ = exporter.from_notebook_node(done)
    with open(f"{out}/{system}.html", "w", encoding="utf-8") as file:
        file.write(html)
"""
STRAIGHT = """
import ast, json, sys
from mcanalysis.report.engine import without_format_checks
with without_format_checks():
    import nbformat
from mcanalysis.report.page import PageContext, render_page
notebook, study, out, contexts = sys.argv[1:]
for system, context in json.load(open(contexts)).items():
    page, names = nbformat.read(notebook, as_version=4), {}
    for cell in (c for c in page.cells if c.cell_type == "code"):
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names.update(system=system, study=study)
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            cell.outputs = [nbformat.v4.new_output(
                "execute_result", shown._repr_mimebundle_(), execution_count=1
            )]
    html = render_page(page, PageContext(**context)).html
    with open(f"{out}/{system}.html", "w", encoding="utf-8") as file:
        file.write(html)
"""


def systems() -> dict[str, str]:
    """Return id -> name of the systems that have a page."""
    from mcanalysis.report.catalogue import items_of, read_catalogue
    from mcanalysis.study import read_study

    country, *_ = read_catalogue(HERE / "reports.toml")
    return items_of(country, read_study(STUDY))


def contexts(ids: Sequence[str], file: Path) -> None:
    """Write what render_page has to know beside the notebook, as the command works it out."""
    from mcanalysis.report import catalogue, work
    from mcanalysis.report.bundle import plotly_bundle
    from mcanalysis.study import read_study, study_digests

    study, known = read_study(STUDY), catalogue.read_catalogue(HERE / "reports.toml")
    jobs = catalogue.plan(known, study, ["country"], ids)
    digests = study_digests(STUDY)
    shared = work.shared_by(jobs, study, digests, known, plotly_bundle().name)
    tasks = {
        job.item: work.task_of(job, STUDY, shared, "mcanalysis")
        for job in jobs
        if job.language == "en"
    }
    file.write_text(json.dumps({item: asdict(t)["context"] for item, t in tasks.items()}))


def run(*command: object) -> tuple[float, float]:
    """Run a command; return its wall time and its processor time, children included."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    words = [str(word) for word in command]
    env = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(words, cwd=HERE, env=env, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(words[:5])} … failed:\n{done.stderr[-2000:]}")
    spent = [after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime]
    return wall, sum(spent)


def check(page: Path, name: str, charts: int | None) -> None:
    """Stop if a page is not whole, not that of its system, or lacks a chart."""
    html = page.read_text(encoding="utf-8")
    found = len(re.findall(r'<div class="chart"', html))
    if not html.rstrip().endswith("</html>") or name not in html or found not in (charts, 1, 0):
        raise SystemExit(f"{page} is not what it should be: {found} charts")


def loop(python: Path, ids: Sequence[str], out: Path) -> tuple[float, float]:
    """Make reports as a shell loop does: papermill, then nbconvert, each a process of its own."""
    wall = cpu = 0.0
    for system in ids:
        for words in (
            ("papermill", NOTEBOOK, out / f"{system}.ipynb", "-p", "system", system,
             "-p", "study", STUDY, "--cwd", out, "--no-progress-bar"),
            ("nbconvert", "--to", "html", out / f"{system}.ipynb"),
        ):  # fmt: skip
            took = run(python, "-m", *words)
            wall, cpu = wall + took[0], cpu + took[1]
    return wall / len(ids), cpu / len(ids)


def ours(python: Path, ids: Sequence[str], out: Path, jobs: int) -> tuple[float, float]:
    """Make reports with our command."""
    took = run(python, "-m", "mcanalysis", "report", "country", "--only", ",".join(ids),
               "-p", "language=en", "--jobs", jobs, "--out", out)  # fmt: skip
    return took[0] / len(ids), took[1] / len(ids)


def two_hundred(folder: Path) -> Path:
    """Write a catalogue of more than 200 pages beside links to notebooks and study; make them."""
    for name in ("notebooks", "data"):
        (folder / name).symlink_to(HERE / name)
    entry = '[country{0}]\nnotebook = "notebooks/country.ipynb"\ntitle = "{{name}} {0}"\n'
    text = "\n".join(f'{entry.format(n)}each = "systems"\n' for n in range(1, 6))
    (folder / "reports.toml").write_text(text)
    subprocess.run([sys.executable, "-m", "mcanalysis", "report"], cwd=folder, check=True,
                   capture_output=True, env={**os.environ, "PYTHONPATH": str(HERE)})  # fmt: skip
    return folder


def nothing_to_do(folder: Path) -> tuple[float, int]:
    """Run the command where all pages are up to date."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "mcanalysis", "report", "--format", "json"], cwd=folder, check=True,
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(HERE)},
    )  # fmt: skip
    wall = time.perf_counter() - start
    found = json.loads(done.stdout)
    if found["made"] or found["failed"]:
        raise SystemExit("There was something to do.")
    return wall, found["unchanged"]


def many(number: int, ids: Sequence[str], place: Path) -> None:
    """Make so many reports in one run, each seed for all systems; compare its tenths."""
    from mcanalysis.report.execution import Task
    from mcanalysis.report.workers import run_tasks

    contexts(ids, place / "contexts.json")
    known = json.loads((place / "contexts.json").read_text())
    tasks = {}
    for n in range(number):
        system, seed = ids[n % len(ids)], 1 + n // len(ids)
        given = {"system": system, "seed": seed}
        context = {**known[system], "parameters": given}
        task = Task(str(NOTEBOOK), str(STUDY), given, context)
        tasks[f"{system}-{seed}"] = task.as_dict()
    times, memory, start = [], [], time.perf_counter()
    for name, result in run_tasks(tasks, 2):
        if result["error"] or f"seed {name.rpartition('-')[2]}" not in result["html"]:
            raise SystemExit(f"{name} is not what it should be: {result['error']}")
        times.append(time.perf_counter() - start)
        if len(times) % max(1, number // 10) == 0:
            pages = [Path(f"/proc/{c.pid}/statm").read_text().split()[1] for c in active_children()]
            memory.append(sum(map(int, pages)) * os.sysconf("SC_PAGE_SIZE") / 2**20)
            done = len(times)
            print(f"{done:>6} reports  {times[-1] / done:.3f} s each  {memory[-1]:.0f} MiB in two "
                  "workers", flush=True)  # fmt: skip
    tenth = number // 10
    first, last = times[tenth - 1] / tenth, (times[-1] - times[-tenth - 1]) / tenth
    verdict("a report of the last tenth / of the first", last / first, 1.1, at_least=False)
    verdict("memory at the end / after a tenth", memory[-1] / memory[0], 1.1, at_least=False)


def verdict(what: str, found: float, aim: float, *, at_least: bool = True) -> None:
    """Print a figure beside what was to be reached."""
    reached = found >= aim if at_least else found <= aim
    sign = "at least" if at_least else "at most"
    print(f"{what:<58} {found:>7.2f}   {sign} {aim:g}: {'reached' if reached else 'NOT reached'}",
          flush=True)  # fmt: skip


def main() -> None:
    """Measure, check, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--bare", type=Path, metavar="PYTHON", help="Python of an environment without JupyterLab"
    )
    parser.add_argument(
        "--many", type=int, default=0, metavar="N", help="also N reports in one run"
    )
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--loop", type=int, default=2, help="reports of the shell loop per repeat")
    options = parser.parse_args()
    names = systems()
    ids, python = list(names)[:REPORTS], Path(sys.executable)
    some = ids[:: max(1, len(ids) // options.loop)][: options.loop]
    arms: dict[str, Callable[[Path], tuple[float, float]]] = {
        "shell loop": lambda out: loop(python, some, out),
        "one process": lambda out: per_report(
            len(some), run(python, "-c", ONE_PROCESS, NOTEBOOK, STUDY, out, *some)
        ),
        "ours, 1 worker": lambda out: ours(python, ids, out, 1),
        "ours, 2 workers": lambda out: ours(python, ids, out, 2),
        "straight Python": lambda out: per_report(
            len(ids), run(python, "-c", STRAIGHT, NOTEBOOK, STUDY, out, work / "contexts.json")
        ),
    }
    if options.bare:
        arms["shell loop, bare"] = lambda out: loop(options.bare, some, out)
        arms["ours, 2 workers, bare"] = lambda out: ours(options.bare, ids, out, 2)
    took = defaultdict(list)
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        contexts(ids, work / "contexts.json")
        for repeat in range(options.repeats):
            for name, act in arms.items():
                out = work / "out"
                out.mkdir()
                took[name].append(act(out))
                for page in sorted(out.rglob("*.html")):
                    if page.stem in names:
                        record = page.with_suffix(".json")
                        charts = (
                            json.loads(record.read_text())["charts"] if record.exists() else None
                        )
                        check(page, names[page.stem], charts)
                made = [page for page in out.rglob("*.html") if page.stem in names]
                if len(made) != (len(ids) if name.startswith(("ours", "straight")) else len(some)):
                    raise SystemExit(f"{name} made {len(made)} pages.")
                shutil.rmtree(out)
            took["one, cold"].append(ours(python, ["DE"], work / f"cold-{repeat}", 2))
        folder = work / "many-pages"
        folder.mkdir()
        two_hundred(folder)
        idle = [nothing_to_do(folder) for _ in range(options.repeats)]
        middle = {n: [statistics.median(x) for x in zip(*t, strict=True)] for n, t in took.items()}
        print(f"{REPORTS} country reports ({len(some)} for the loops), {os.cpu_count()} cores, "
              f"median of {options.repeats}\n")  # fmt: skip
        print("seconds per report           wall     CPU")
        for name, (wall, cpu) in middle.items():
            print(f"{name:<24} {wall:6.3f}  {cpu:6.3f}")
        print()
        for end, wall_aim in (("", 35), (", bare", 20)):
            if f"shell loop{end}" in middle:
                base, fast = middle[f"shell loop{end}"], middle[f"ours, 2 workers{end}"]
                verdict(f"shell loop{end} / ours, wall", base[0] / fast[0], wall_aim)
                verdict(f"shell loop{end} / ours, CPU", base[1] / fast[1], wall_aim / 2)
        straight = middle["straight Python"]
        for number in (1, 2):
            wall, cpu = middle[f"ours, {number} worker{'s' * (number > 1)}"]
            verdict(f"ours, {number} at a time / straight Python, wall", wall / straight[0], 1.4,
                    at_least=False)  # fmt: skip
            verdict(f"ours, {number} at a time / straight Python, CPU", cpu / straight[1], 1.4,
                    at_least=False)  # fmt: skip
        verdict("one report from a cold start, s", middle["one, cold"][0], 1.5, at_least=False)
        verdict(f"nothing to do, {idle[0][1]} pages, s", statistics.median(w for w, _ in idle), 1,
                at_least=False)  # fmt: skip
        if options.many:
            many(options.many, ids, work)


def per_report(number: int, took: tuple[float, float]) -> tuple[float, float]:
    """Divide the times of a run by its reports."""
    return took[0] / number, took[1] / number


if __name__ == "__main__":
    main()
