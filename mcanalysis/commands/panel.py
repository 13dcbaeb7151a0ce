"""The commands for panels: questionnaires out, judgements in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mcanalysis.commands.shared import DONE, FAILED, form_option, guard, progress

if TYPE_CHECKING:
    from mcanalysis.model import Study
    from mcanalysis.panels import Gathered

MOST_TOLD = 20
"""Problems that are printed; all of them stand in the marked files and in the JSON."""


@click.group()
def panel() -> None:
    """Ask a panel of people: questionnaires out, judgements in."""


@panel.command()
@click.argument("topic")
@click.option(
    "--method", type=click.Choice(["pairwise", "best-worst", "rating"]), default="pairwise",
    show_default=True, help="How to ask.",
)  # fmt: skip
@click.option(
    "--judges", type=click.IntRange(1), metavar="N",
    help="Make N workbooks with the ids j01, j02, …, each with pairs of its own to compare.",
)  # fmt: skip
@click.option(
    "--form", is_flag=True,
    help="Make the mapping file of an online form instead, with the texts to paste into it.",
)  # fmt: skip
@click.option(
    "--out", metavar="PATH", type=click.Path(path_type=Path),
    help="File to write, or folder with --judges.  [default: TOPIC-METHOD]",
)  # fmt: skip
@click.option(
    "--language", default="en", show_default=True, metavar="CODE",
    help="Of the questionnaire: en, de, fr or es.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.pass_obj
@guard
def new(
    study_path: Path,
    topic: str,
    method: str,
    judges: int | None,
    form: bool,
    out: Path | None,
    language: str,
    force: bool,
) -> int:
    """Make a questionnaire on a TOPIC: dimensions, a stakeholder (its benefits) or a system.

    It has as few questions as the method allows, and tells while it is filled in whether the
    answers fit together. Names are not asked for.

    \b
    Examples: mcanalysis panel new dimensions --judges 12
              mcanalysis panel new learners --method rating
              mcanalysis panel new IE --method best-worst --out ireland.xlsx
              mcanalysis panel new dimensions --judges 8 --language de
              mcanalysis panel new dimensions --method rating --form
    """
    from mcanalysis.errors import ParameterError
    from mcanalysis.language import speaking
    from mcanalysis.panels import ask, write_mapping, write_questionnaire
    from mcanalysis.study import read_study

    if form and judges:
        raise ParameterError("An online form is one for all judges. Leave --judges out.")
    study = read_study(study_path)
    with speaking(language):
        asked = ask(study, topic, method)
    ending = ".toml" if form else "" if judges else ".xlsx"
    target = out or Path(f"{topic}-{method}{ending}")
    if ending and target.suffix.lower() != ending:
        raise ParameterError(f"--out {target}: the file must end in {ending}. Name it so.")
    width = max(2, len(str(judges or 0)))
    names = [f"j{n:0{width}d}" for n in range(1, (judges or 0) + 1)]
    files = {target / f"{name}.xlsx": name for name in names} or {target: ""}
    there = [str(path) for path in files if path.exists()]
    if there and not force:
        raise ParameterError(
            f"{', '.join(there[:3])}{' and others' if there[3:] else ''} there already. Choose "
            "another place with --out, or replace with --force."
        )
    _make_folder(target if judges else target.parent)
    with speaking(language), progress(len(files), "file") as advance:
        for copy, (path, name) in enumerate(files.items()):
            if form:
                write_mapping(asked, path)
            else:
                write_questionnaire(ask(study, topic, method, copy), path, name)
            advance(1)
    each = f"{asked.questions} questions and that for the group"
    click.echo(f"{len(files)} workbooks, each with {each}." if judges else f"{each}.", err=True)
    if form:
        click.echo(
            'Each "text" in it is a question for the form. Read the export of the form with: '
            f"mcanalysis panel read EXPORT.csv --form {target} --name NAME",
            err=True,
        )
    click.echo(target)
    return DONE


def _make_folder(folder: Path) -> None:
    from mcanalysis.errors import ParameterError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParameterError(
            f"{folder} cannot be made: {error.strerror}. Choose another place with --out."
        ) from None


@panel.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Name of the panel: panels/NAME.csv of the study.")
@click.option(
    "--form", "mapping_file", metavar="FILE", type=click.Path(path_type=Path),
    help="Mapping file: which question of an online form asks what.",
)  # fmt: skip
@click.option(
    "--back", default="to-mend", show_default=True, metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for copies of faulty questionnaires, their faulty cells marked.",
)  # fmt: skip
@click.option("--illustrative", is_flag=True, help="The answers are invented: say so in each row.")
@click.option("--replace", is_flag=True, help="Replace a panel of that name.")
@form_option
@click.pass_obj
@guard
def read(
    study_path: Path,
    files: tuple[Path, ...],
    name: str,
    mapping_file: Path | None,
    back: Path,
    illustrative: bool,
    replace: bool,
    form: str,
) -> int:
    """Read filled questionnaires, and exports of an online form, as a panel of the study.

    FILES are workbooks, .csv exports, or folders of them. Good answers become panels/NAME.csv.
    Faulty questionnaires are given back: the same workbook, faulty cells red, each with a comment
    that says how to mend it. Read all files again once they are mended.

    \b
    Examples: mcanalysis panel read answers/*.xlsx --name delphi
              mcanalysis panel read export.csv --form dimensions-rating.toml --name survey
    """
    from mcanalysis.errors import ParameterError
    from mcanalysis.panels import gather_panel, read_mapping, write_panel
    from mcanalysis.study import read_study

    study = read_study(study_path)
    _check_name(study, name, replace)
    mapping = None if mapping_file is None else read_mapping(mapping_file)
    found = list(_found(files))
    if not found:
        raise ParameterError("There are no .xlsx or .csv files in what is named. Name some.")
    with progress(len(found), "file") as advance:
        gathered = gather_panel(study, found, mapping, back, illustrative, advance)
    target = None
    if len(gathered.panel):
        target = write_panel(study, study_path, name, gathered.panel)
    for problem in gathered.problems[:MOST_TOLD]:
        click.echo(str(problem), err=True)
    more = len(gathered.problems) - MOST_TOLD
    if more > 0:
        click.echo(f"… and {more} more, each in its file.", err=True)
    for line in _told(study, gathered, back):
        click.echo(line, err=True)
    if form == "json":
        click.echo(json.dumps(_as_dict(gathered, target), indent=1, ensure_ascii=False))
    elif target:
        click.echo(target)
    return FAILED if gathered.problems or target is None else DONE


def _check_name(study: Study, name: str, replace: bool) -> None:
    import re

    from mcanalysis.errors import ParameterError
    from mcanalysis.model import ID_PATTERN

    if not re.fullmatch(ID_PATTERN, name):
        raise ParameterError(
            f'--name "{name}" is not an id. Use letters, digits, - and _: commands ask for it.'
        )
    if name in {*study.systems["system_id"], *study.stakeholders["stakeholder_id"]}:
        raise ParameterError(
            f"--name {name}: a system or stakeholder bears that id. Choose another."
        )
    if name in study.panels and not replace:
        raise ParameterError(
            f"The study has a panel {name} already. Choose another --name, or give --replace and "
            "all files of that panel."
        )


def _found(places: tuple[Path, ...]) -> Iterator[Path]:
    """List the files that are meant; a folder stands for the questionnaires and exports in it."""
    for place in dict.fromkeys(places):
        if not place.is_dir():
            yield place
            continue
        for path in sorted(place.iterdir()):
            if path.suffix.lower() in (".xlsx", ".csv") and path.name[0] not in ".~":
                yield path


def _told(study: Study, gathered: Gathered, back: Path) -> Iterator[str]:
    """Say what was read and what follows from it, in a few lines."""
    n = gathered.full + gathered.part + gathered.none
    yield (
        f"{n} questionnaire{'s' if n != 1 else ''} read: {gathered.full} without a fault, "
        f"{gathered.part} with some answers that count, {gathered.none} with none."
    )
    if gathered.skipped:
        yield (
            "1 reply was not sent off, or a trial, and was left out."
            if gathered.skipped == 1
            else f"{gathered.skipped} replies were not sent off, or trials, and were left out."
        )
    if gathered.marked:
        m = len(gathered.marked)
        yield f"{m} file{'s' if m != 1 else ''} to mend in {back}: see the red cells."
    from mcanalysis.errors import MethodError
    from mcanalysis.weights import weigh_panel
    from mcanalysis.wording import counted

    names = dict(zip(study.dimensions["dimension_id"], study.dimensions["name"], strict=True))
    names |= dict(zip(study.benefits["benefit_id"], study.benefits["label"], strict=True))
    for topic, rows in gathered.panel.groupby("topic", sort=False):
        judges = counted(rows["judge_id"].nunique(), "judge")
        if topic in set(study.systems["system_id"]):
            yield f"{topic}: {judges}."
            continue
        try:
            found = weigh_panel(rows, str(topic))
        except MethodError as error:
            yield f"{topic}: cannot be weighed yet. {str(error).splitlines()[0]}"
            continue
        first = found.weights.sort_values(ascending=False, kind="stable").head(3)
        said = ", ".join(
            f"{names.get(item, item)} {100 * weight:.0f}%" for item, weight in first.items()
        )
        yield f"{topic}: {judges}; most weight: {said}."


def _as_dict(gathered: Gathered, target: Path | None) -> dict[str, Any]:
    return {
        "panel": None if target is None else str(target),
        "judges": int(gathered.panel["judge_id"].nunique()),
        "judgements": len(gathered.panel),
        "questionnaires": {
            "without_fault": gathered.full,
            "in_part": gathered.part,
            "none": gathered.none,
            "not_sent_off": gathered.skipped,
        },
        "problems": [problem.as_dict() for problem in gathered.problems],
        "marked": [str(path) for path in gathered.marked],
    }
