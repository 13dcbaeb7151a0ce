"""The catalogue of reports: what is made, from which notebook, for what each of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import Formatter
from typing import Any

from mcanalysis.errors import ParameterError, nearest
from mcanalysis.language import LANGUAGES, ORIGINAL, check_language, phrase, speaking
from mcanalysis.model import Study
from mcanalysis.names import Names
from mcanalysis.report.cron import read_cron
from mcanalysis.report.parameters import effective
from mcanalysis.wording import capital

EACH = {"systems": "system", "stakeholders": "stakeholder", "panels": "panel"}
"""What a report can be made for each of, and the parameter that receives the id."""
_TEXTS = ("notebook", "title", "description", "each", "schedule")
_KEYS = (*_TEXTS, "parameters")
_LANGUAGES = "languages"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Report:
    """An entry of the catalogue.

    Attributes
    ----------
    name : str
        Also its folder in the site.
    notebook : Path
    title : str
        May hold ``{name}``, the name in full of what a page is made for.
    description : str
        What the report answers.
    each : str or None
        ``systems``, ``stakeholders``, ``panels`` or None for a single page.
    parameters : dict
        Values that differ from the defaults of the notebook.
    schedule : str or None
        When to make it: a cron expression, see `read_cron`.
    languages : tuple of str
        Languages of the site: the pages of the first stand at its root, those of each other one
        in a folder that has its code as name.
    """

    name: str
    notebook: Path
    title: str
    description: str = ""
    each: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    schedule: str | None = None
    languages: tuple[str, ...] = (ORIGINAL,)


@dataclass(frozen=True)
class Job:
    """One page to make: a report, what it is made for, its parameters, its language."""

    report: Report
    item: str | None
    title: str
    parameters: Mapping[str, Any]
    language: str = ORIGINAL

    @property
    def place(self) -> str:
        """Address of the page below the index of its language, without its ending."""
        return f"{self.report.name}/{self.item or self.report.name}"

    @property
    def page(self) -> str:
        """Address of the page below the root of the site, without its ending."""
        return f"{folder_of(self.language, self.report.languages)}{self.place}"


def folder_of(language: str, languages: Sequence[str]) -> str:
    """Return the folder that holds the pages of a language: empty for the first, or ``de/``."""
    return f"{language}/" if language in languages[1:] else ""


def read_catalogue(path: Path) -> list[Report]:
    """Read ``reports.toml``.

    Parameters
    ----------
    path : Path
        Notebooks are looked for beside it.

    Returns
    -------
    list of Report

    Raises
    ------
    ParameterError
        If there is no catalogue, or with all that is wrong in it.

    Examples
    --------
    >>> [report.name for report in read_catalogue(Path("reports.toml"))][:2]
    ['country', 'comparison']
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParameterError(
            f"There is no {path.name} in this folder. Run the command where it lies."
        ) from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(
            f"{path.name} cannot be read: {error}. Mend it and run again."
        ) from None
    languages = entries.pop(_LANGUAGES, [ORIGINAL])
    if not entries:
        raise ParameterError(
            f"{path.name} holds no report. Write a heading [name] with notebook and title under it."
        )
    problems = [f"{path.name}, {problem}" for problem in _language_problems(languages)]
    problems += [
        f"{path.name}, {problem}"
        for name, entry in entries.items()
        for problem in _problems(name, entry, path.parent)
    ]
    if problems:
        raise ParameterError("\n".join(problems))
    return [
        Report(
            name,
            path.parent / entry["notebook"],
            **_without(entry, "notebook"),
            languages=tuple(languages),
        )
        for name, entry in entries.items()
    ]


def _without(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {k: v for k, v in entry.items() if k != key}


def _language_problems(languages: Any) -> Iterator[str]:
    """Say all that is wrong with the languages of the catalogue."""
    if not isinstance(languages, list) or not languages:
        yield f'{_LANGUAGES}: not a list. Write {_LANGUAGES} = ["en"], or leave it out.'
        return
    for code in dict.fromkeys(map(str, languages)):
        try:
            check_language(code)
        except ParameterError as error:
            yield f"{_LANGUAGES}: {error}"
        if languages.count(code) > 1:
            yield f'{_LANGUAGES}: "{code}" is there twice. Name it once.'


def _problems(name: str, entry: Any, folder: Path) -> Iterator[str]:
    """Say all that is wrong with an entry of the catalogue."""
    if not isinstance(entry, dict):
        yield f'"{name}" stands outside any report. Write a heading [name] above it.'
        return
    said = f"[{name}]"
    if not _NAME.fullmatch(name) or name in ("assets", *LANGUAGES):
        yield (
            f"{said}: the name is also a folder of the site, so it may have letters, digits, - and "
            "_ only, and be neither assets nor a language. Choose another."
        )
    for key in entry:
        if key not in _KEYS:
            yield f'{said}: unknown key "{key}".{nearest(key, _KEYS)} It knows: {", ".join(_KEYS)}.'
    for key in _TEXTS:
        if key in entry and not isinstance(entry[key], str):
            yield f"{said}, {key}: {entry[key]!r} is not a text. Put it in quotes."
    for key in ("notebook", "title"):
        if key not in entry:
            yield f"{said}: {key} is missing. Add {key} = and a text."
    if not isinstance(entry.get("parameters", {}), dict):
        yield f"{said}, parameters: not a table. Write a heading [{name}.parameters]."
    notebook, title, each = (entry.get(key) for key in ("notebook", "title", "each"))
    schedule = entry.get("schedule")
    if isinstance(notebook, str) and not (folder / notebook).is_file():
        known = [p.relative_to(folder).as_posix() for p in folder.glob("*/*.ipynb")]
        yield f"{said}, notebook: there is no file {notebook}.{nearest(notebook, known)}"
    if isinstance(each, str) and each not in EACH:
        yield (
            f'{said}, each: "{each}" is unknown.{nearest(each, EACH)} It can be systems or '
            "stakeholders; leave it out for a single page."
        )
    if isinstance(schedule, str):
        try:
            read_cron(schedule)
        except ParameterError as error:
            yield from (f"{said}, schedule: {problem}" for problem in str(error).split("\n"))
    if isinstance(title, str):
        yield from (f"{said}, title: {problem}" for problem in _title_problems(title, each))


def _title_problems(title: str, each: Any) -> Iterator[str]:
    try:
        fields = [found for _, found, _, _ in Formatter().parse(title) if found is not None]
    except ValueError:
        yield "a brace stands alone. Write {name}, or {{ and }} for braces."
        return
    for found in fields:
        if found != "name":
            yield f'unknown field "{{{found}}}". It knows {{name}} only.'
        elif each is None:
            yield "{name} has no meaning on a single page. Leave it out, or add each."


def plan(
    reports: Sequence[Report],
    study: Study,
    names: Sequence[str] = (),
    only: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
) -> list[Job]:
    """Lay out the pages to make, with every parameter checked before anything runs.

    Parameters
    ----------
    reports : sequence of Report
        The catalogue.
    study : Study
    names, only : sequence of str
        Reports and items to make; by default all.
    given : dict, optional
        Parameters from the command line, as text; every report to be made must know them.

    Returns
    -------
    list of Job

    Raises
    ------
    ParameterError
        With all that is unknown, missing or of the wrong type, each with the nearest.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> catalogue, study = read_catalogue(Path("reports.toml")), read_study("data")
    >>> [job.page for job in plan(catalogue, study, ["country"], ["IE"])]
    ['country/IE', 'de/country/IE', 'fr/country/IE', 'es/country/IE']
    """
    known = [r.name for r in reports]
    problems = [
        f'There is no report "{name}".{nearest(name, known)} It can be one of: {", ".join(known)}.'
        for name in names
        if name not in known
    ]
    chosen = [r for r in reports if not names or r.name in names]
    items = {r.name: list(items_of(r, study)) for r in chosen}
    possible = list(dict.fromkeys(item for some in items.values() for item in some))
    if chosen:
        problems += [_not_made_for(item, possible) for item in only if item not in possible]
    jobs = []
    for r in chosen:
        if only and not set(only) & set(items[r.name]):
            continue
        own = EACH[r.each] if r.each else None
        free = dict(given or {})
        # where others are told of a panel, the report on panels is made for that one
        named = free.pop(own, None) if r.each == "panels" and own else None
        if named is not None and named not in items[r.name]:
            hint = nearest(named, items[r.name])
            problems.append(f'The study has no panel "{named}".{hint}')
        try:
            values = effective(r.notebook, r.parameters, free, own)
            languages = _languages(r, values, free)
        except ParameterError as error:
            problems += str(error).split("\n")
            continue
        for job in (job for language in languages for job in _pages(r, study, language)):
            if named not in (None, job.item):
                continue
            if job.item is None or not only or job.item in only:
                mine = {own: job.item} if own else {}
                said = {"language": job.language} if "language" in values else {}
                jobs.append(replace(job, parameters={**mine, **values, **said}))
    if problems:
        raise ParameterError("\n".join(dict.fromkeys(problems)))
    return jobs


def _languages(r: Report, values: Mapping[str, Any], given: Mapping[str, str]) -> tuple[str, ...]:
    """Return the languages to make a report in: that of its parameters, or all of the site."""
    if "language" not in values:
        if r.languages != (ORIGINAL,):
            raise ParameterError(
                f'{r.notebook.name} has no parameter "language", which pages in '
                f'{", ".join(r.languages)} need. Add language: str = "{ORIGINAL}" to the cell '
                'tagged "parameters", and speak(language) to the next.'
            )
        return r.languages
    if "language" in given or "language" in r.parameters:
        check_language(values["language"])
        return (values["language"],)
    return r.languages


def _pages(r: Report, study: Study, language: str) -> list[Job]:
    """Return the pages of a report in a language, without parameters."""
    with speaking(language):
        title = phrase(r.title)
        if r.each is None:
            return [Job(r, None, title.format(), {}, language)]
        return [
            Job(r, item, title.format(name=name), {}, language)
            for item, name in items_of(r, study).items()
        ]


def _not_made_for(item: str, possible: Sequence[str]) -> str:
    if not possible:
        return f"--only {item}: what is named here is a single page. Leave --only out."
    return (
        f'--only: no report named here is made for "{item}".{nearest(item, possible)} It can be '
        f"one or more of: {', '.join(possible)}."
    )


def items_of(report: Report, study: Study) -> dict[str, str]:
    """Return id -> name in full of what a report is made for each of; empty for a single page.

    Names are in the language that is spoken.

    Systems with an indicator or a factor; stakeholders with a benefit; panels.
    """
    if report.each == "panels":
        return {name: capital(re.sub("[-_]+", " ", name)) for name in study.panels}
    if report.each == "systems":
        table, key = study.systems, "system_id"
        found = {*study.indicators["system_id"], *study.swot_factors["system_id"]}
    elif report.each == "stakeholders":
        table, key = study.stakeholders, "stakeholder_id"
        found = set(study.benefits["stakeholder_id"])
    else:
        return {}
    names = Names.of(study)
    return {
        str(item): names.text(str(report.each), str(item), "name")
        for item in table.loc[table[key].isin(found), key]
    }


def pages_of(reports: Sequence[Report], study: Study) -> list[Job]:
    """Return every page that a catalogue leads to, without parameters."""
    return [job for r in reports for code in r.languages for job in _pages(r, study, code)]
