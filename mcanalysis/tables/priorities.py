"""The reader's own priorities: sliders for the dimensions, the order that follows, no kernel."""

from __future__ import annotations

import json
from html import escape

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import implied_weights
from mcanalysis.frames import cell
from mcanalysis.language import phrase
from mcanalysis.markup import Block, block, nothing, table
from mcanalysis.why.sure import in_nine_of_ten, share_of
from mcanalysis.wording import capital, decimal, lower_first, percent, plural

TOP = 10
"""A slider runs from 0 to this; only the proportions count."""
NAMED = 6
"""Systems that the sentence about the front names at most; ranks 1 to 3."""


def presets(a: Analysis) -> dict[str, list[int]]:
    """Return the starting points: all the same, what each stakeholder's benefits need, a panel's.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    dict
        Label -> slider positions from 0 to `TOP`, one per dimension; the largest is `TOP`.
    """
    found = {phrase("All the same"): [TOP // 2] * len(a.dimensions)}
    for s in a.stakeholders:
        w = implied_weights(a.study, s).reindex(a.dimensions).fillna(0)
        group = lower_first(a.names.stakeholder(s))
        label = phrase("What benefits of {group} need", group=group)
        found[label] = [round(TOP * v / w.max()) for v in w]
    if a.judged is not None:
        w = a.judged.weights.reindex(a.dimensions)
        label = phrase("What the panel “{panel}” holds important", panel=a.panel)
        found[label] = [round(TOP * v / w.max()) for v in w]
    return found


def priorities(a: Analysis) -> Block:
    """Let a reader of the exported page set priorities and see the order that follows at once.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
        Sliders and a table; without scripts the order under equal weights stands. Beside each
        place the 90 % rank interval of the ranking, and with those in front in what share of all
        priorities they are first, so that one setting does not mislead.
    """
    if len(a.ranked) < 2:
        return nothing(phrase("Fewer than two systems have enough evidence to be ranked."))
    t = a.ranking.table
    # Equal is equal: sums in another order differ in their last digit.
    order = t["index"].round(12).sort_values(ascending=False, kind="stable")
    ranks = order.rank(ascending=False, method="min").astype(int).to_dict()
    rows = [
        [
            str(ranks[s]),
            escape(a.names.system(str(s))),
            f'<span class="bar tr" style="--v:{100 * v:.4g}" aria-hidden="true"></span>',
            decimal(v),
            f"{cell(t, s, 'best_rank'):g}–{cell(t, s, 'worst_rank'):g}",
        ]
        for s, v in order.items()
    ]
    of_draws = share_of(a.ranking)
    head = [
        phrase(">Rank"),
        phrase("System"),
        f'<span class="vh">{phrase("Bar|heading")}</span>',
        phrase(">Index"),
        phrase(">In 90% {of_draws}", of_draws=of_draws),
    ]
    options = "".join(
        f'<label><input type="radio" name="preset" value="{n}"{" checked" if n == 0 else ""}> '
        f"{escape(label)}</label>"
        for n, label in enumerate(presets(a))
    )
    share = percent(1 / len(a.dimensions))
    sliders = "".join(
        f'<div class="sl"><label for="w-{escape(d)}">{escape(a.names.dimension(d))}</label>'
        f'<input type="range" id="w-{escape(d)}" min="0" max="{TOP}" value="{TOP // 2}">'
        f"<output>{share}</output></div>"
        for d in a.dimensions
    )
    levels = a.evidence.levels.loc[a.ranked]
    says = {
        "front": phrase(
            "In front under these priorities: {places}. First in this share {of_draws}: {shares}.",
            places="{places}",
            shares="{shares}",
            of_draws=of_draws,
        ),
        "none": phrase("Without weight on a dimension there is no order."),
        "unread": phrase("Part of the setting in the address is not known here and was left out."),
        "percent": percent(0).replace("0", "{n}"),
        "point": decimal(0, 1)[1],
    }
    data = {
        "presets": list(presets(a).values()),
        "systems": [
            {
                "name": a.names.system(str(s)),
                "levels": [a.level(str(s), d) for d in a.dimensions],
                "span": f"{cell(t, s, 'best_rank'):g}–{cell(t, s, 'worst_rank'):g}",
                "first": percent(cell(t, s, "first_share")),
            }
            for s in a.ranked
        ],
        "named": NAMED,
        "says": says,
    }
    front = [s for s in order.index if ranks[s] <= 3][:NAMED]
    places = ", ".join(f"{a.names.system(str(s))} ({ranks[s]})" for s in front)
    shares = ", ".join(
        f"{a.names.system(str(s))} {percent(cell(t, s, 'first_share'))}" for s in front
    )
    said = says["front"].replace("{places}", places).replace("{shares}", shares)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    order_table = table(phrase("Order under these priorities"), head, rows, "livet", hidden=False)
    note = phrase(
        "Index: weighted mean of the levels over the evidence present, levels in equal steps. One "
        "setting is one opinion: the last column shows where a system ranks {in_nine_of_ten}.",
        in_nine_of_ten=in_nine_of_ten(a.ranking),
    )
    gaps = plural(
        int(levels.isna().sum().sum()),
        "one gap is left out, not filled.",
        "{n} gaps are left out, not filled.",
        "no gap is left out.",
    )
    html = (
        f'<div class="live" id="live"><p id="live-said" role="status">{escape(said)}</p>'
        f'<form><fieldset class="pre"><legend>{escape(phrase("Start from"))}</legend>{options}'
        f"</fieldset><fieldset><legend>{escape(phrase('How much each dimension counts'))}</legend>"
        f"{sliders}</fieldset></form><div>{order_table}</div></div>"
        f'<p class="note">{escape(note)} {escape(capital(gaps))}</p>'
        f'<script type="application/json" id="live-data">{text}</script>'
    )
    names = ", ".join(a.names.system(str(s)) for s in order.index)
    return block(a.study, html, phrase("Order under equal weights: {names}.", names=names))
