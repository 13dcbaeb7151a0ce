"""Views for JupyterLab, Notebook and Voila: one question each, alone in a cell or all in tabs.

>>> from mcanalysis import explore
>>> explore.compare("data", ["DE", "IE"]).parameters()
{'systems': ['DE', 'IE']}

``drafts`` keeps what is typed, ``view`` is what all views share, ``stage`` the widget they stand
on, ``making`` the reports that they make; each other module is one view.
"""

from mcanalysis.explore.benefits import benefits
from mcanalysis.explore.board import swot_board
from mcanalysis.explore.compare import compare
from mcanalysis.explore.evidence import evidence
from mcanalysis.explore.priorities import priorities
from mcanalysis.explore.scenario import scenario
from mcanalysis.explore.workbench import explore

__all__ = ["benefits", "compare", "evidence", "explore", "priorities", "scenario", "swot_board"]
