"""Two editions of a study: what differs, what it does to the results, and why."""

from mcanalysis.editions.about import changes_about
from mcanalysis.editions.behind import conclusions_with_rows
from mcanalysis.editions.comparing import compare_editions
from mcanalysis.editions.record import Changes
from mcanalysis.editions.sentences import conclusions
from mcanalysis.editions.telling import changes_as_text

__all__ = [
    "Changes",
    "changes_about",
    "changes_as_text",
    "compare_editions",
    "conclusions",
    "conclusions_with_rows",
]
