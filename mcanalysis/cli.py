"""The command line: arguments, messages, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from mcanalysis import __version__
from mcanalysis.commands.own import doctor, export, new
from mcanalysis.commands.panel import panel
from mcanalysis.commands.report import report
from mcanalysis.commands.shared import DONE, FAILED, hint
from mcanalysis.commands.shared import form_option as _format
from mcanalysis.commands.shared import guard as _guard

_min_dimensions = click.option(
    "--min-dimensions", default=8, show_default=True,
    help="Dimensions with evidence that a system needs to be ranked.",
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mcanalysis")
@click.option(
    "--study", "study_path", default="data", show_default=True, metavar="DIR",
    type=click.Path(path_type=Path), help="Folder, .xlsx workbook or .jsonld of the study.",
)  # fmt: skip
@click.pass_context
def main(context: click.Context, study_path: Path) -> None:
    """Policy and SWOT analysis of microcredentials across education systems.

    \b
    Exit codes: 0 done, 1 the study has problems or a report failed, 2 wrong usage.
    """
    context.obj = study_path


for command in (new, export, doctor, panel, report):
    main.add_command(command)


@main.command()
@_format
@_min_dimensions
@click.pass_obj
@_guard
def check(study_path: Path, form: str, min_dimensions: int) -> int:
    """Report every problem of a study; with none, what it holds.

    \b
    Example: mcanalysis --study my-study check --format json
    """
    from mcanalysis.errors import DataError
    from mcanalysis.study import read_study, summarise_study

    hint(study_path)
    try:
        study = read_study(study_path)
    except DataError as error:
        if form == "json":
            found = [problem.as_dict() for problem in error.problems]
            click.echo(json.dumps({"problems": found}, indent=1, ensure_ascii=False))
        else:
            click.echo(str(error))
        n = len(error.problems)
        click.echo(f"{n} problem{'s' if n > 1 else ''} in {study_path}.", err=True)
        return FAILED
    summary = summarise_study(study, min_dimensions)
    if form == "json":
        click.echo(json.dumps({"problems": [], "summary": summary}, indent=1, ensure_ascii=False))
    else:
        click.echo(_summary_text(summary))
        click.echo(f"No problem in {study_path}.", err=True)
    return DONE


def _summary_text(summary: dict[str, Any]) -> str:
    """Lay out for a reader what a study holds."""

    def row(label: str, *values: Any) -> str:
        return f"{label:<22}" + "".join(f"{value!s:>8}" for value in values)

    def some(ids: list[str], most: int = 4) -> str:
        return ", ".join(ids[:most]) + (f" and {len(ids) - most} more" if len(ids) > most else "")

    ranked, total = len(summary["ranked"]), summary["rows"]["systems"]
    lines = ["Rows", *(row(f"  {name}", n) for name, n in summary["rows"].items()), ""]
    lines.append(
        f"Systems by dimensions with evidence ({summary['min_dimensions']} or more are ranked: "
        f"{ranked} of {total})"
    )
    for group in summary["systems_by_dimensions"]:
        ids = " ".join(group["systems"])
        lines.append(f"  {group['dimensions']:>2} dimensions {len(group['systems']):>8}   {ids}")
    lines += ["", "Age of evidence"]
    for end in ("oldest", "newest"):
        if summary[end]:
            lines.append(f"{row(f'  {end}', summary[end]['year'])}   {some(summary[end]['where'])}")
    levels = list(summary["confidence"]["indicators"])
    lines += ["", row("Confidence", *levels)]
    lines += [
        row(f"  {name}", *(n[k] for k in levels)) for name, n in summary["confidence"].items()
    ]
    lines += ["", "Loose ends"]
    for key in ("unused_sources", "factors_without_stakeholders"):
        label, ids = key.replace("_", " "), summary[key]
        lines.append(f"  {label:<29}{len(ids):>3}" + (f"   {some(ids)}" if ids else ""))
    return "\n".join(lines)


@main.command()
@click.argument("system")
@click.argument("subject", required=False, metavar="[DIMENSION|BENEFIT]")
@click.option("--panel", metavar="NAME", help="Let the judgements of this panel count.")
@_format
@_min_dimensions
@click.pass_obj
@_guard
def why(
    study_path: Path,
    system: str,
    subject: str | None,
    panel: str | None,
    form: str,
    min_dimensions: int,
) -> int:
    """Show the chain from a figure to its rows and sources.

    \b
    Examples: mcanalysis why DE
              mcanalysis why DE recognition
              mcanalysis why DE l-stackable-degree
              mcanalysis why DE --panel illustrative
    """
    import shutil

    from mcanalysis.study import read_study
    from mcanalysis.why import explain

    study = read_study(study_path)
    chain = explain(study, system, subject, min_dimensions=min_dimensions, panel=panel)
    if form == "json":
        click.echo(json.dumps(chain.as_dict(), indent=1, ensure_ascii=False, default=int))
    else:
        click.echo(chain.as_text(min(100, shutil.get_terminal_size((100, 20)).columns)))
    return DONE


@main.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), required=False)
@click.option("--scenario", metavar="NAME", help="Apply this scenario of NEW to it.")
@click.option("--old-as-of", type=int, metavar="YEAR", help="Leave later evidence of OLD out.")
@click.option("--new-as-of", type=int, metavar="YEAR", help="Leave later evidence of NEW out.")
@_format
@_min_dimensions
@_guard
def changes(
    old: Path,
    new: Path | None,
    scenario: str | None,
    old_as_of: int | None,
    new_as_of: int | None,
    form: str,
    min_dimensions: int,
) -> int:
    """Tell what differs between two editions, and what it does to the conclusions.

    OLD and NEW are studies: folders or .xlsx workbooks. Without NEW it is OLD itself, at another
    date or with a scenario.

    \b
    Examples: mcanalysis changes data-2025 data
              mcanalysis changes data --old-as-of 2024
              mcanalysis changes data --scenario bold --format json
    """
    import shutil

    from mcanalysis.errors import DataError, ParameterError

    if new is None and scenario is None and old_as_of == new_as_of:
        raise ParameterError(
            "There is nothing to compare. Name a second study, or give --scenario or --old-as-of."
        )
    from mcanalysis.study import read_study

    studies, wrong = {}, []
    for path in dict.fromkeys([old, new or old]):
        try:
            studies[path] = read_study(path)
        except DataError as error:
            n = len(error.problems)
            wrong.append(f"{n} problem{'s' if n > 1 else ''} in {path}")
            for problem in error.problems:
                click.echo(f"{path}: {problem}", err=True)
    if wrong:
        click.echo(f"{', '.join(wrong)}.", err=True)
        return FAILED
    from mcanalysis.analysis import analyse
    from mcanalysis.change import apply_scenario, scenario_rows
    from mcanalysis.editions import changes_as_text, compare_editions

    then = studies[new or old]
    if scenario is not None:
        rows = scenario_rows(then, scenario, new_as_of)
        for row, effect in enumerate(rows["effect"], start=2):
            if effect == "nothing":
                where = f"{rows['system_id'][row - 2]} {rows['dimension_id'][row - 2]}"
                click.echo(f"Scenario {scenario}, row {row} changes nothing: {where}.", err=True)
        then = apply_scenario(then, scenario, new_as_of)
    found = compare_editions(
        analyse(studies[old], as_of=old_as_of, min_dimensions=min_dimensions),
        analyse(then, as_of=new_as_of, min_dimensions=min_dimensions),
    )
    if form == "json":
        click.echo(json.dumps(found.as_dict(), indent=1, ensure_ascii=False))
    else:
        width = min(100, shutil.get_terminal_size((100, 20)).columns)
        click.echo(changes_as_text(found, width))
    return DONE


@main.command()
@click.option(
    "--as", "form", type=click.Choice(["cron", "systemd", "github"]), required=True,
    help="Lines for a crontab, units for systemd, or a workflow for GitHub Actions.",
)  # fmt: skip
@click.option(
    "--out", default="reports", show_default=True, metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False), help="Root of the site.",
)  # fmt: skip
@click.pass_obj
@_guard
def schedule(study_path: Path, form: str, out: Path) -> int:
    """Print what to install so that the reports are made by their schedule in reports.toml.

    Nothing is installed. Reports with the same schedule are made by one command.

    \b
    Examples: mcanalysis schedule --as cron
              mcanalysis schedule --as systemd
              mcanalysis schedule --as github > .github/workflows/reports.yml
    """
    from mcanalysis.errors import ParameterError
    from mcanalysis.report.catalogue import read_catalogue
    from mcanalysis.report.schedule import FORMS, group_reports

    catalogue = Path("reports.toml")
    groups = group_reports(read_catalogue(catalogue))
    if not study_path.exists():
        raise ParameterError(f"There is no study at {study_path}. Name one with --study.")
    click.echo(FORMS[form](groups, catalogue.parent, study_path, out))
    return DONE
