from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

# For the two processes of `make test`, as for those that make pages: where others are at work
# threads of NumPy wait for each other more than they calculate.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from mcanalysis.model import Study  # noqa: E402

SMALL = {
    "systems": """\
system_id,name,short_name,article,region,evidence_scope,note,source_id,tile_column,tile_row
EU,European level,EU,,eu,,,,,
NA,Namibia,Namibia,,other,,,act,0,1
DE,Germany,Germany,,eu,all,,act,1,1
""",
    "dimensions": """\
dimension_id,name,short_name,question,level_0,level_1,level_2,level_3,rationale_source_id
recognition,Recognition,Recog.,Is it?,none,some,more,all,act
credits,Credits,Credits,Do they?,none,some,more,all,act
""",
    "indicators": """\
system_id,dimension_id,year,level,statement,source_id,locator,confidence,comparable
NA,recognition,2020,1,A fact.,act,p. 1,high,yes
DE,recognition,2020,0,"A fact, with a comma.",act,p. 2,low,yes
DE,recognition,2024,2,Another fact.,news,opening,medium,no
""",
    "swot_factors": """\
factor_id,system_id,quadrant,dimension_id,statement,stakeholders,source_id,locator,confidence
de-s1,DE,strength,recognition,A strength.,learners;hei,act,p. 3,high
de-t1,DE,threat,credits,A threat.,,act,p. 4,high
""",
    "stakeholders": """\
stakeholder_id,name,description,source_id
learners,Learners,People who learn.,act
hei,Institutions,They teach.,act
""",
    "benefits": """\
benefit_id,stakeholder_id,label,description,theme,source_id
b1,learners,A benefit,What is gained.,career,act
""",
    "benefit_enablers": """\
benefit_id,dimension_id,strength,rationale,source_id
b1,recognition,3,It decides.,act
b1,credits,1,It helps.,analyst-judgement
""",
    "sources": """\
source_id,title,publisher,year,url,doc_type,language,accessed,note
act,The act,Ministry,2019,https://example.org/act,law,de,2024-05-01,
news,A page,Agency,,http://example.org/?q=1,web,en,,
spare,Never used,Agency,,,,,,
""",
}


def pytest_configure() -> None:
    """Let Ctrl-C reach what is started here, where a shell has started us in the background."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and put files with it first: two workers then end at the same time.

    A notebook starts a kernel, a property is tried many times: neither is a unit test.
    """
    slow: Counter[Path] = Counter()
    for item in items:
        many = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if many or item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.slow)
        slow[item.path] += item.get_closest_marker("slow") is not None
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: slow[item.path] == 0)


@pytest.fixture(autouse=True)
def english():
    """Let no test leave another language behind."""
    from mcanalysis.language import speak

    yield
    speak("en")


@pytest.fixture(scope="session")
def study() -> Study:
    from mcanalysis.study import read_study

    return read_study("data")


@pytest.fixture(scope="session")
def evidence(study: Study):
    from mcanalysis.compare import newest_evidence

    return newest_evidence(study)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a small study that is valid and may be spoilt."""
    place = tmp_path / "small"
    place.mkdir()
    for name, text in SMALL.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def project(folder: Path, tmp_path: Path, monkeypatch) -> Path:
    """Stand in a folder with a small study, a notebook and a catalogue."""
    shutil.copytree(folder, tmp_path / "data")
    shutil.copy(Path(__file__).parent / "notebooks" / "acts.ipynb", tmp_path / "acts.ipynb")
    (tmp_path / "reports.toml").write_text(
        '[country]\nnotebook = "acts.ipynb"\ntitle = "{name}: a page"\neach = "systems"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def no_kernel(monkeypatch) -> None:
    """Let a test fail that runs a notebook."""
    from mcanalysis.report import site

    def never(*_: object) -> None:
        raise AssertionError("a notebook was run")

    monkeypatch.setattr(site, "run_tasks", never)


@pytest.fixture(scope="session")
def a(study: Study):
    """The analysis of the shipped study, as every page starts from it."""
    from mcanalysis import analyse

    return analyse(study)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, made once by the command that a user gives, for all workers."""
    from mcanalysis.report.lock import only_run

    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    out, making = place / "site", place / "making"
    command = [sys.executable, "-m", "mcanalysis", "report", "--out", str(making / "site")]
    with only_run(making, wait=900):
        if not out.exists():
            done = subprocess.run(command, capture_output=True, text=True, timeout=900)
            assert done.returncode == 0, done.stderr
            (making / "site").rename(out)
    return out


@pytest.fixture(scope="session")
def browser():
    """A real browser; where there is none, its tests are skipped, but never in CI."""
    from playwright.sync_api import sync_playwright

    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        assert not os.environ.get("CI"), "CI needs Chromium: apt-get install chromium"
        pytest.skip("no Chromium here")
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic",
               "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=options)
        yield chromium
        chromium.close()
