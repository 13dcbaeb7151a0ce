"""The reader's own priorities: sliders for the dimensions, the order that follows, no kernel."""

from __future__ import annotations

import json
from html import escape

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import implied_weights
from mcanalysis.frames import cell
from mcanalysis.markup import Block, block, nothing, table
from mcanalysis.why.sure import in_nine_of_ten, share_of
from mcanalysis.wording import counted, lower_first, percent

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
    found = {"All the same": [TOP // 2] * len(a.dimensions)}
    for s in a.stakeholders:
        w = implied_weights(a.study, s).reindex(a.dimensions).fillna(0)
        label = f"What benefits of {lower_first(a.names.stakeholder(s))} need"
        found[label] = [round(TOP * v / w.max()) for v in w]
    if a.judged is not None:
        w = a.judged.weights.reindex(a.dimensions)
        found[f"What the panel “{a.panel}” holds important"] = [round(TOP * v / w.max()) for v in w]
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
        return nothing("Fewer than two systems have enough evidence to be ranked.")
    t = a.ranking.table
    # Equal is equal: sums in another order differ in their last digit.
    order = t["index"].round(12).sort_values(ascending=False, kind="stable")
    ranks = order.rank(ascending=False, method="min").astype(int).to_dict()
    rows = [
        [
            str(ranks[s]),
            escape(a.names.system(str(s))),
            f'<span class="bar tr" style="--v:{100 * v:.4g}" aria-hidden="true"></span>',
            f"{v:.2f}",
            f"{cell(t, s, 'best_rank'):g}–{cell(t, s, 'worst_rank'):g}",
        ]
        for s, v in order.items()
    ]
    head = [
        ">Rank",
        "System",
        '<span class="vh">Bar</span>',
        ">Index",
        f">In 90% {share_of(a.ranking)}",
    ]
    options = "".join(
        f'<label><input type="radio" name="preset" value="{n}"{" checked" if n == 0 else ""}> '
        f"{escape(label)}</label>"
        for n, label in enumerate(presets(a))
    )
    share = f"{100 / len(a.dimensions):.0f}%"
    sliders = "".join(
        f'<div class="sl"><label for="w-{escape(d)}">{escape(a.names.dimension(d))}</label>'
        f'<input type="range" id="w-{escape(d)}" min="0" max="{TOP}" value="{TOP // 2}">'
        f"<output>{share}</output></div>"
        for d in a.dimensions
    )
    levels = a.evidence.levels.loc[a.ranked]
    says = {
        "front": "In front under these priorities: {places}. First in this share "
        f"{share_of(a.ranking)}: {{shares}}.",
        "none": "Without weight on a dimension there is no order.",
        "unread": "Part of the setting in the address is not known here and was left out.",
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
    said = says["front"].format(
        places=", ".join(f"{a.names.system(str(s))} ({ranks[s]})" for s in front),
        shares=", ".join(
            f"{a.names.system(str(s))} {percent(cell(t, s, 'first_share'))}" for s in front
        ),
    )
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    order_table = table("Order under these priorities", head, rows, "livet", hidden=False)
    html = (
        f'<div class="live" id="live"><p id="live-said" role="status">{escape(said)}</p>'
        f'<form><fieldset class="pre"><legend>Start from</legend>{options}'
        f"</fieldset><fieldset><legend>How much each dimension counts</legend>{sliders}</fieldset>"
        f"</form><div>{order_table}</div></div>"
        '<p class="note">Index: weighted mean of the levels over the evidence present, levels in '
        "equal "
        "steps. One setting is one opinion: the last column shows where a system ranks "
        f"{in_nine_of_ten(a.ranking)}. {counted(int(levels.isna().sum().sum()), 'gap')} are left "
        "out, not filled.</p>"
        f'<script type="application/json" id="live-data">{text}</script>'
    )
    names = ", ".join(a.names.system(str(s)) for s in order.index)
    return block(a.study, html, f"Order under equal weights: {names}.")
