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
from mcanalysis.wording import decimal, lower_first, percent_to, plural

TOP = 10


"""A slider runs from 0 to this; only the proportions count."""


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
        label = phrase("What benefits of {group} need", group=lower_first(a.names.stakeholder(s)))
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
        place the 90 % rank interval of the ranking, so that one setting does not mislead.
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
    head = [
        phrase(">Rank"),
        phrase("System"),
        f'<span class="vh">{phrase("Bar")}</span>',
        phrase(">Index"),
        phrase(">In 90% {share_of}", share_of=share_of(a.ranking)),
    ]
    options = "".join(
        f'<label><input type="radio" name="preset" value="{n}"{" checked" if n == 0 else ""}> '
        f"{escape(label)}</label>"
        for n, label in enumerate(presets(a))
    )
    share = percent_to(1 / len(a.dimensions), 0)
    sliders = "".join(
        f'<div class="sl"><label for="w-{escape(d)}">{escape(a.names.dimension(d))}</label>'
        f'<input type="range" id="w-{escape(d)}" min="0" max="{TOP}" value="{TOP // 2}">'
        f"<output>{share}</output></div>"
        for d in a.dimensions
    )
    levels = a.evidence.levels.loc[a.ranked]
    data = {
        "presets": list(presets(a).values()),
        "systems": [
            {
                "name": a.names.system(str(s)),
                "levels": [a.level(str(s), d) for d in a.dimensions],
                "span": f"{cell(t, s, 'best_rank'):g}–{cell(t, s, 'worst_rank'):g}",
            }
            for s in a.ranked
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    order_table = table(phrase("Order under these priorities"), head, rows, "livet", hidden=False)
    meaning = phrase(
        "Index: weighted mean of the levels over the evidence present, levels in equal steps. One "
        "setting is one opinion: the last column shows where a system ranks {how_often}.",
        how_often=in_nine_of_ten(a.ranking),
    )
    gaps = plural(
        int(levels.isna().sum().sum()),
        "one gap is left out, not filled.",
        "{n} gaps are left out, not filled.",
        "no gaps are left out, not filled.",
    )
    html = (
        f'<div class="live" id="live"><form><fieldset class="pre"><legend>{phrase("Start from")}'
        f"</legend>{options}</fieldset>"
        f"<fieldset><legend>{phrase('How much each dimension counts')}</legend>{sliders}</fieldset>"
        f"</form><div>{order_table}</div></div>"
        f'<p class="note">{meaning} {gaps}</p>'
        f'<script type="application/json" id="live-data">{text}</script>'
    )
    said = ", ".join(a.names.system(str(s)) for s in order.index)
    return block(a.study, html, phrase("Order under equal weights: {systems}.", systems=said))
