"""Commands for a study of one's own: new, export, doctor."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mcanalysis.commands.shared import DONE, FAILED, form_option, guard


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--systems", default="all", show_default=True, metavar="all|none|ID,ID",
    help="Which of the shipped systems come along, with their evidence. With none there are the "
    "coding manual, stakeholders and benefits.",
)  # fmt: skip
@guard
def new(folder: Path, systems: str) -> int:
    """Make a folder with a study to fill in, notebooks and reports.toml.

    DIR is new or empty; hidden files in it do not matter.

    \b
    Examples: mcanalysis new my-study
              mcanalysis new my-study --systems IE,EE,NZ
              mcanalysis new my-study --systems none
    """
    from mcanalysis.workspace import start_workspace

    chosen = [part.strip() for part in systems.split(",") if part.strip()]
    study = start_workspace(folder, {"all": None, "none": []}.get(systems, chosen))
    n = len(study.systems)
    said = f"{n} system{'s' * (n != 1)} with evidence" if n else "the coding manual"
    click.echo(f"Made {folder} with {said}, a workbook, notebooks and reports.toml.", err=True)
    after = "mcanalysis report" if n else "fill in data/ or data.xlsx, then mcanalysis check"
    click.echo(f"Next: cd {folder}, {after}. README.md there tells the rest.", err=True)
    click.echo(str(folder))
    return DONE


@click.command()
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.pass_obj
@guard
def export(study_path: Path, target: Path, force: bool) -> int:
    """Write the study in another form; --study reads each of them back without loss.

    The name of OUT says which: .xlsx a workbook to fill in, with drop-downs; .jsonld linked data;
    else a folder of CSV files that is a Data Package.

    \b
    Examples: mcanalysis export study.xlsx
              mcanalysis export study.jsonld
              mcanalysis --study data.xlsx export data --force
    """
    from mcanalysis.study import read_study
    from mcanalysis.workspace import export_study

    rows = export_study(read_study(study_path), target, force=force)
    click.echo(f"{study_path} written to {target}: {rows:,} rows.", err=True)
    click.echo(str(target))
    return DONE


@click.command()
@form_option
@click.pass_obj
@guard
def doctor(study_path: Path, form: str) -> int:
    """Tell what is installed, what is missing, and how to mend it.

    Ends with 0 if all that is needed is there, else with 1.

    \b
    Example: mcanalysis doctor --format json
    """
    from mcanalysis.doctor import as_text, examine

    findings = examine(study_path)
    missing = [f.name for f in findings if f.state == "missing"]
    if form == "json":
        content = {"ok": not missing, "findings": [f.as_dict() for f in findings]}
        click.echo(json.dumps(content, indent=1, ensure_ascii=False))
    else:
        click.echo(as_text(findings))
    said = (
        f"Needed and not right: {', '.join(missing)}."
        if missing
        else "All that is needed is there."
    )
    click.echo(said, err=True)
    return FAILED if missing else DONE
