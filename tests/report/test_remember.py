"""What a worker remembers is what its notebooks would have computed, and never stale."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import mcanalysis
from mcanalysis import analysis, study
from mcanalysis.report import remember


@pytest.fixture
def worker(monkeypatch):
    """A process that remembers; everything is put back at the end."""
    calls: list[str] = []

    def counted(real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            calls.append(real.__name__)
            return real(*args, **kwargs)

        call.__name__, call.__doc__ = real.__name__, real.__doc__
        return call

    monkeypatch.setattr(study, "read_study", counted(study.read_study))
    monkeypatch.setattr(analysis, "analyse", counted(analysis.analyse))
    for name in ("_real", "_known"):
        monkeypatch.setattr(remember, name, {})
    monkeypatch.setattr(remember, "_counts", remember.Counter())
    for name in ("_asked", "_read"):
        monkeypatch.setattr(remember, name, [])
    remember.install()
    return calls


def notebook(folder: Path, **given: Any) -> Any:
    """Do what a notebook does, in a process of its own as far as memory goes."""
    known = dict(remember._known)
    remember._asked.clear()
    remember._read.clear()
    a = mcanalysis.analyse(mcanalysis.read_study(folder), draws=100, min_dimensions=1, **given)
    remember._known.update(known)
    remember.learn([list(question) for question in remember.asked()])
    return a


def asked_twice(folder: Path, worker: list[str]) -> Any:
    first = notebook(folder)
    notebook(folder)
    remember.work_out()
    worker.clear()
    return first


def test_what_two_notebooks_asked_for_is_there_for_the_third(folder, worker):
    first = notebook(folder)
    remember.work_out()
    assert worker == ["read_study", "analyse"]
    notebook(folder)
    remember.work_out()
    assert len(worker) == 6
    third = notebook(folder)
    remember.work_out()
    assert len(worker) == 6
    assert third is not first
    pd.testing.assert_frame_equal(third.ranking.table, first.ranking.table)
    pd.testing.assert_frame_equal(third.index, first.index)


def test_other_arguments_are_another_question(folder, worker):
    asked_twice(folder, worker)
    notebook(folder, seed=2)
    assert worker == ["analyse"]
    notebook(folder, vary={"gaps"})  # not plain data
    assert worker == ["analyse"] * 2


def test_a_changed_study_is_read_again_even_with_the_same_size_and_time(folder, worker):
    asked_twice(folder, worker)
    file = folder / "indicators.csv"
    before = file.stat()
    file.write_text(file.read_text().replace("2024,2,Another", "2024,3,Another"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    a = notebook(folder)
    assert worker == ["read_study", "analyse"]
    assert a.level("DE", "recognition") == 3
    remember.work_out()
    worker.clear()
    assert notebook(folder).level("DE", "recognition") == 3
    assert worker == []


def test_a_new_file_in_the_folder_counts(folder, worker):
    asked_twice(folder, worker)
    (folder / "panels").mkdir()
    notebook(folder)
    assert worker == ["read_study"]  # what was read is equal


def test_a_study_that_the_notebook_changed_is_analysed_as_it_is(folder, worker):
    asked_twice(folder, worker)
    mine = mcanalysis.read_study(folder)
    mine.indicators.loc[2, "level"] = 3
    a = mcanalysis.analyse(mine, draws=100, min_dimensions=1)
    assert worker == ["analyse"]
    assert a.level("DE", "recognition") == 3


def test_what_is_given_out_belongs_to_the_notebook_alone(folder, worker):
    asked_twice(folder, worker)
    mine = mcanalysis.read_study(folder)
    assert worker == []
    first = mcanalysis.analyse(mine, draws=100, min_dimensions=1)
    assert first.study is mine
    assert worker == []
    first.index.loc[:, "index"] = -1.0
    again = mcanalysis.analyse(mine, draws=100, min_dimensions=1)
    assert worker == ["analyse"]
    assert (again.index["index"] >= 0).all()
    mine.indicators.loc[2, "level"] = 3
    assert mcanalysis.read_study(folder).indicators.loc[2, "level"] == 2


def test_a_study_with_problems_is_left_to_the_notebook(folder, worker):
    asked_twice(folder, worker)
    (folder / "systems.csv").write_text("nonsense")
    remember.work_out()
    with pytest.raises(mcanalysis.DataError):
        notebook(folder)
    (folder / "systems.csv").unlink()
    remember.work_out()
    with pytest.raises(mcanalysis.DataError):
        notebook(folder)


def test_memory_is_bounded(folder, worker):
    for seed in range(2 * remember.MOST):
        for _ in range(remember.OFTEN):
            notebook(folder, seed=seed)
    remember.work_out()
    assert len(remember._known) == remember.MOST
    worker.clear()
    remember.work_out()
    assert worker == []
