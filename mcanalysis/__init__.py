"""Policy and SWOT analysis of microcredentials across education systems.

>>> from mcanalysis import analyse, read_study
>>> a = analyse(read_study("data"), draws=1000)
>>> a.names.system(a.ranked[0])
'New Zealand'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcanalysis.analysis import Analysis, analyse
    from mcanalysis.change import apply_scenario
    from mcanalysis.editions import Changes, compare_editions
    from mcanalysis.errors import (
        DataError,
        McAnalysisError,
        MethodError,
        ParameterError,
        Problem,
        ReportError,
    )
    from mcanalysis.language import speak
    from mcanalysis.model import Study
    from mcanalysis.study import check_study, read_study, summarise_study, write_study
    from mcanalysis.why import Explanation, explain

__version__ = "0.1.0"

_HOME = {
    "analysis": ("Analysis", "analyse"),
    "change": ("apply_scenario",),
    "editions": ("Changes", "compare_editions"),
    "errors": (
        "DataError",
        "McAnalysisError",
        "MethodError",
        "ParameterError",
        "Problem",
        "ReportError",
    ),
    "language": ("speak",),
    "model": ("Study",),
    "study": ("check_study", "read_study", "summarise_study", "write_study"),
    "why": ("Explanation", "explain"),
}
__all__ = [
    "Analysis",
    "Changes",
    "DataError",
    "Explanation",
    "McAnalysisError",
    "MethodError",
    "ParameterError",
    "Problem",
    "ReportError",
    "Study",
    "analyse",
    "apply_scenario",
    "check_study",
    "compare_editions",
    "explain",
    "read_study",
    "speak",
    "summarise_study",
    "write_study",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `mcanalysis --help` needs no pandas."""
    from importlib import import_module

    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(f"mcanalysis.{module}"), name)
    raise AttributeError(f"module 'mcanalysis' has no attribute {name!r}")
