"""A small workbook of results, written fast and always to the same bytes.

openpyxl, which reads and writes studies, stamps a workbook with the time; a page and what lies
beside it must be the same whenever they are made. Every text is a text cell: nothing in it is a
formula, a date or a code of a character.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest

from mcanalysis.language import ORIGINAL, spoken

LONGEST_CELL, LONGEST_NAME, WIDEST = 32_767, 31, 60
STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive: the first that the format knows."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NUMBER = re.compile(r"[-−+]?(?:0|[1-9]\d{0,14})?(?:\.\d{1,14})?", re.ASCII)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PLAIN, _TEXT, _BOLD, _PERCENT = 0, 1, 2, 3
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/>'
    '</font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf xfId="0"/><xf numFmtId="49" applyNumberFormat="1" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1" xfId="0"/>'
    '<xf numFmtId="9" applyNumberFormat="1" xfId="0"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True)
class Sheet:
    """A table of a workbook.

    Attributes
    ----------
    name : str
        What its tab says; shortened and made unique where it must be.
    head : sequence of str
    rows : sequence of sequence of str
        What a reader sees; a plain number or percentage becomes one, all else is text.
    """

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def workbook(sheets: Sequence[Sheet], title: str, day: str) -> bytes:
    """Write sheets as an ``.xlsx`` workbook; the same sheets, title and day make the same bytes.

    Parameters
    ----------
    sheets : sequence of Sheet
    title : str
    day : str
        ISO date that the workbook bears.

    Returns
    -------
    bytes

    Examples
    --------
    >>> book = workbook([Sheet("Levels", ["system", "level"], [["=DE", "2"]])], "A", "2026-11-23")
    >>> book == workbook([Sheet("Levels", ["system", "level"], [["=DE", "2"]])], "A", "2026-11-23")
    True
    """
    names = sheet_names([s.name for s in sheets])
    n = range(1, len(sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for i in n
    )
    tabs = "".join(
        f'<sheet name="{_xml(name)}" sheetId="{i}" r:id="rId{i}"/>'
        for i, name in zip(n, names, strict=True)
    )
    links = "".join(_link(i, "worksheet", f"worksheets/sheet{i}.xml") for i in n)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-'
        f'package.core-properties+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{_link(1, 'officeDocument', 'xl/workbook.xml')}"
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>',
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{_xml(title)}</dc:title><dc:creator>mcanalysis</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
        "</cp:coreProperties>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{tabs}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f"{_link(len(sheets) + 1, 'styles', 'styles.xml')}</Relationships>",
        "xl/styles.xml": _STYLES.removeprefix(_HEAD),
    }
    for i, sheet in zip(n, sheets, strict=True):
        parts[f"xl/worksheets/sheet{i}.xml"] = _sheet(sheet)
    return archive({name: f"{_HEAD}{part}".encode() for name, part in parts.items()})


def archive(files: Mapping[str, bytes], comment: str = "") -> bytes:
    """Pack files as a ZIP archive in their order; the same files make the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        zipped.comment = comment.encode()
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, STAMP)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            zipped.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Return names that a spreadsheet takes: short, without its signs, each once.

    Examples
    --------
    >>> sheet_names(["Levels: DE/AT", "levels DE AT", "'"])
    ['Levels DE AT', 'levels DE AT 2', 'Sheet']
    """
    taken: set[str] = set()
    names = []
    for text in wanted:
        clean = _ILLEGAL.sub("", re.sub(r"[\[\]:*?/\\\s]+", " ", text)).strip(" '") or "Sheet"
        name, n = clean[:LONGEST_NAME].strip(" '"), 1
        while name.casefold() in taken:
            n += 1
            name = f"{clean[: LONGEST_NAME - len(str(n)) - 1].strip()} {n}"
        taken.add(name.casefold())
        names.append(name)
    return names


def number(text: str) -> tuple[str, bool] | None:
    """Return a number as a program writes it, and whether it is a percentage.

    Examples
    --------
    >>> number("−0.25"), number("37%"), number("2nd"), number("007"), number("-")
    (('-0.25', False), ('37', True), None, None, None)
    """
    bare = text.removesuffix("%")
    if spoken() != ORIGINAL:  # the other languages write a decimal comma
        bare = bare.replace(".", "x").replace(",", ".")
    if not _NUMBER.fullmatch(bare) or not any(c.isdigit() for c in bare):
        return None
    return bare.replace("−", "-").removeprefix("+"), bare != text


def _link(i: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{i}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _xml(text: str) -> str:
    return escape(_ILLEGAL.sub("", text))


def _sheet(sheet: Sheet) -> str:
    texts = zip_longest(*(sheet.head, *sheet.rows), fillvalue="")
    widths = [min(WIDEST, max(8, *map(len, column)) + 2) for column in texts]
    columns = "".join(
        f'<col min="{c}" max="{c}" width="{width}" customWidth="1"/>'
        for c, width in enumerate(widths, 1)
    )
    rows = [_row(sheet.head, _BOLD), *(_row(row, _TEXT) for row in sheet.rows)]
    columns = f"<cols>{columns}</cols>" if columns else ""
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{columns}<sheetData>{''.join(rows)}</sheetData></worksheet>"
    )


def _row(texts: Sequence[str], style: int) -> str:
    cells = "".join(_cell(text, style) for text in texts)
    return f"<row>{cells}</row>"


def _cell(text: str, style: int) -> str:
    if not text:
        return f'<c s="{style}"/>'
    found = number(text) if style == _TEXT else None
    if found is not None:
        value, percent = found
        if percent:
            return f'<c s="{_PERCENT}"><v>{float(value) / 100:.12g}</v></c>'
        return f'<c s="{_PLAIN}"><v>{float(value):.15g}</v></c>'
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - 1] + "…"
    text = _xml(_CODE.sub("_x005F_", text))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'
