"""Panels of people: questionnaires for judges, and filled ones back into judgements.

``asking`` lays out the questions on a topic; ``questionnaire`` writes them as a workbook, with
``hints`` that are formulas and a hidden sheet (``layout``) that says what each cell asks; the words
are in ``phrases``. ``reading`` takes filled workbooks, ``forms`` the exports of online forms by
their ``mapping``; ``replies`` checks both. ``marking`` gives faulty ones back; ``gathering`` does
all at once, for any number of files.
"""

from mcanalysis.panels.asking import METHODS, Questionnaire, ask, topics_of
from mcanalysis.panels.forms import read_export
from mcanalysis.panels.gathering import Gathered, gather_panel, write_panel
from mcanalysis.panels.mapping import FormMapping, read_mapping, write_mapping
from mcanalysis.panels.marking import mark_export, mark_questionnaire
from mcanalysis.panels.questionnaire import write_questionnaire
from mcanalysis.panels.reading import read_questionnaire
from mcanalysis.panels.replies import Fault, Reply

__all__ = [
    "METHODS",
    "Fault",
    "FormMapping",
    "Gathered",
    "Questionnaire",
    "Reply",
    "ask",
    "gather_panel",
    "mark_export",
    "mark_questionnaire",
    "read_export",
    "read_mapping",
    "read_questionnaire",
    "topics_of",
    "write_mapping",
    "write_panel",
    "write_questionnaire",
]
