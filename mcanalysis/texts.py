"""A text as markup: escaped, in its language, kept to its place; and markup as a text."""

from __future__ import annotations

import re
from html import escape, unescape

from mcanalysis.language import ORIGINAL
from mcanalysis.wording import cited

# A text begins where a tag ends: looking back keeps a search from going over tags again and again.
_OUTSIDE_TAGS = re.compile(r"<(script|style)\b.*?</\1>|(?<![^>])[^<>]+", re.S)
_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_TURNED = re.compile(
    "[\u202a\u202b\u202d\u202e][^\u202c]*\u202c?|[\u2066\u2067\u2068][^\u2069]*\u2069?"
    f"|[{_RIGHT}]+(?:[^{_RIGHT}A-Za-z0-9&]+[{_RIGHT}]+)*"
)
_LONG = re.compile(r"(?:&#?\w+;|[^\s&<>]){25,}")
# Most markup has neither: two quick looks spare a pass over each of its texts.
_ANY_TURNED = re.compile(f"[\u202a\u202b\u202d\u202e\u2066\u2067\u2068{_RIGHT}]")
_ANY_LONG = re.compile(r"(?<![^>])(?:[^\s<>]{0,24}+\s++)*+[^\s<>]{25}")


def settled(html: str) -> str:
    """Keep to its place what is written from the right, and let very long words break.

    Examples
    --------
    >>> settled("<p>שלום 12 of 20</p>")
    '<p><bdi>שלום</bdi> 12 of 20</p>'
    """

    def settle(found: re.Match[str]) -> str:
        text = found.group()
        if found.group(1) or (len(text) < 25 and text.isascii()):
            return text
        text = _LONG.sub(r'<span class="long">\g<0></span>', text)
        return text if text.isascii() else _TURNED.sub(r"<bdi>\g<0></bdi>", text)

    if not _ANY_LONG.search(html) and (html.isascii() or not _ANY_TURNED.search(html)):
        return html
    return _OUTSIDE_TAGS.sub(settle, html)


def plain(html: str) -> str:
    """Return markup as text for a terminal."""
    text = re.sub(r"<(style|svg)\b.*?</\1>", "", html, flags=re.S)
    text = re.sub(r"</(p|li|h\d|tr|div|dt|dd|caption)>", "\n", text)
    text = unescape(re.sub(r"<[^>]+>", " ", text))
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t]+", " ", text)).strip()


def marked_up(text: str) -> str:
    """Escape a text; words of the evidence that `cited` marked tell their language."""
    return _in_their_language(escape(text, quote=False))


def _in_their_language(html: str) -> str:
    return _CITED.sub(rf'<span lang="{ORIGINAL}">\1</span>', html)


_CITED = re.compile("\u2068(.*?)\u2069", re.S)


def statement(text: str) -> str:
    """Escape words of the evidence for a place of their own; they tell their language."""
    return _in_their_language(escape(cited(text)))


def strong(sentence: str) -> str:
    """Escape a sentence and turn ``**`` into emphasis, but for those of `verbatim`."""
    html = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", marked_up(sentence))
    return html.replace(_ASTERISK, "*")


def verbatim(name: str) -> str:
    """Keep the asterisks of a name or a text of the study from emphasis where `strong` follows.

    Examples
    --------
    >>> strong(f"**The** {verbatim('C**')}, **too**")
    '<b>The</b> C**, <b>too</b>'
    """
    return name.replace("*", _ASTERISK)


_ASTERISK = "\ue000"  # for private use: in no text of a study
