"""What each page says of the last edition: its own part of what two editions differ in.

A page is made anew when its evidence has changed, and that is when its part is worked out. Its
record keeps it: whoever makes the page again from the same evidence says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from mcanalysis.language import speaking
from mcanalysis.report.catalogue import Job
from mcanalysis.report.following import Last
from mcanalysis.report.work import edition_of

_OTHERWISE = ("as_of", "panel", "order", "weights")
"""Parameters with which a page shows something else than editions are compared by."""


def parts_of(
    jobs: Sequence[Job],
    evidence: Mapping[str, str],
    before: Callable[[str], Mapping[str, Any] | None],
    last: Last,
) -> dict[str, dict[str, Any]]:
    """Work out what pages that are to be made say of the last edition.

    Parameters
    ----------
    jobs : sequence of Job
    evidence : dict
        Page -> digest of the evidence that it may show.
    before : callable
        Page -> its part when it was made last.
    last : Last
        The study of the last run.

    Returns
    -------
    dict
        Page -> plain data: ``of``, its evidence; and where there was an edition to compare with
        ``was`` and ``now``, the dates of both, and what `changes_about` found.
    """
    parts = {job.page: dict(before(job.page) or {}) for job in jobs}
    anew = [job for job in jobs if parts[job.page].get("of") != evidence[job.page]]
    parts |= {job.page: {"of": evidence[job.page]} for job in anew}
    if not anew or last.changes is None:
        return parts
    from mcanalysis.editions import changes_about, conclusions

    studies = {"was": last.changes.old.study, "now": last.changes.new.study}
    dates = {name: edition_of(study) for name, study in studies.items()}
    for language, some in groupby(sorted(anew, key=attrgetter("language")), attrgetter("language")):
        with speaking(language):
            found = conclusions(last.changes)
            for job in some:
                asked = {"systems": "system", "stakeholders": "group"}.get(job.report.each or "")
                about = {asked: job.item} if asked else {}
                told = changes_about(last.changes, **about, found=found)
                parts[job.page] |= {**dates, **told}
    return parts


def shown(part: Mapping[str, Any], parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what of its part a page says: nothing where it shows what was not compared."""
    alike = all(parameters.get(name) is None for name in _OTHERWISE)
    return part if alike and "was" in part else {}
