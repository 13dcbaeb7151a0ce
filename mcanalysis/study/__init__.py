"""A study on disk and in memory: a folder of tables or a workbook, read, checked, written."""

from mcanalysis.study.descriptor import column_documentation, data_package
from mcanalysis.study.reading import (
    check_study,
    read_study,
    study_digests,
    study_frames,
    study_of,
    write_study,
)
from mcanalysis.study.summary import summarise_study

__all__ = [
    "check_study",
    "column_documentation",
    "data_package",
    "read_study",
    "study_digests",
    "study_frames",
    "study_of",
    "summarise_study",
    "write_study",
]
