"""How far the judges of a panel agree: group with group, on each topic, each with themselves."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.marks import interval
from mcanalysis.markup import Block, block, figure, nothing, scrolling, table
from mcanalysis.tables.scenario import on_phone
from mcanalysis.texts import strong
from mcanalysis.weights.shown import LEAST
from mcanalysis.why.heard import CONSISTENT, MOST_REPAIRED, PARTS, Heard, Topic
from mcanalysis.why.judged import PLAIN, alike
from mcanalysis.wording import (
    capital,
    cited,
    clause,
    clauses,
    count,
    decimal,
    lower_first,
    percent,
    plural,
)


def panel_splits(heard: Heard) -> Block:
    """Show on which items groups differ, and whether that is more than chance.

    Parameters
    ----------
    heard : Heard

    Returns
    -------
    Block
    """
    parts = [_split(heard, t) for t in heard.topics if t.splits is not None and len(t.splits)]
    if not parts:
        return nothing(
            phrase(
                "No two groups of {n} judges or more answered on the same topic.", n=count(LEAST)
            )
        )
    return block(heard.a.study, "".join(parts))


def _split(heard: Heard, t: Topic) -> str:
    assert t.splits is not None
    head = [
        phrase("Item"),
        phrase("Most weight with"),
        phrase("Least weight with"),
        phrase(">Gap, points"),
        phrase(">Between groups"),
        phrase(">Chance"),
    ]
    rows = []
    for item, r in t.splits.iterrows():
        cells = [
            f"{escape(heard.group(str(r['highest_group'])))} <b>{percent(float(r['highest']))}</b>",
            f"{escape(heard.group(str(r['lowest_group'])))} <b>{percent(float(r['lowest']))}</b>",
            decimal(100 * float(r["gap"]), 0),
            "–" if pd.isna(r["between"]) else percent(float(r["between"])),
            "–" if pd.isna(r["chance"]) else decimal(float(r["chance"]), 3),
        ]
        named = [on_phone(h.removeprefix(">")) + c for h, c in zip(head[1:], cells, strict=True)]
        rows.append([escape(t.name(item)), *named])
    plain, total = int((t.splits["chance"] <= PLAIN).sum()), len(t.splits)
    differ = phrase(
        "{topic}: groups differ most on {item}",
        topic=t.title,
        item=t.in_sentence(t.splits.index[0]),
    )
    divided = (
        plural(
            total,
            "the one item divides them more than chance would",
            "all {n} items divide them more than chance would",
        )
        if plain == total
        else plural(
            plain,
            "one of {total} items divides them more than chance would",
            "{n} of {total} items divide them more than chance would",
            "none of {total} items divide them more than chance would",
            total=count(total),
        )
    )
    caption = phrase("Where groups differ: {topic}", topic=t.inside)
    return figure(
        clauses(differ, divided),
        clauses(
            phrase(
                "Between groups: share of the differences among judges that lies between their "
                "groups"
            ),
            phrase(
                "chance: how often judges put into groups at random are so divided on some item"
            ),
        ),
        scrolling(caption, table(caption, head, rows, "pan spl")),
    )


def panel_agreement(heard: Heard) -> Block:
    """Show for each topic how far the judges agree.

    Parameters
    ----------
    heard : Heard

    Returns
    -------
    Block
    """
    rows, known = [], []
    for part, found in heard.parts():
        c, w = found.consensus.consensus, found.concordance
        if np.isnan(c) or w is None:
            continue
        title = heard.title(part)
        known.append((title, c))
        order = "–" if np.isnan(w.w) else decimal(w.w)
        rows.append(
            [escape(title), str(len(found.judges.columns)), percent(c), interval(0, c, c),
             order, _chance(w.p)]
        )  # fmt: skip
    if not rows:
        return nothing(phrase("Fewer than two judges answered on any topic."))
    most, least = max(known, key=lambda k: k[1]), min(known, key=lambda k: k[1])
    if len(known) > 1:
        title = phrase(
            "Most agreement on “{most}”, least on “{least}”", most=most[0], least=least[0]
        )
    else:
        title = phrase(
            "{topic}: {judges_agree}", topic=most[0], judges_agree=lower_first(alike(most[1]))
        )
    head = [
        phrase("Topic"),
        phrase(">Judges"),
        phrase(">Consensus"),
        f'<span class="vh">{escape(phrase("Bar"))}</span>',
        phrase(">Order (W)"),
        phrase(">By chance (p)"),
    ]
    caption = phrase("How far the judges agree, by topic")
    return block(
        heard.a.study,
        figure(
            title,
            phrase(
                "Consensus: 100% if all gave the same weights. W: 1 if all have the same order; p: "
                "the chance of as much agreement if all ordered at random"
            ),
            scrolling(caption, table(caption, head, rows, "pan agr")),
        ),
    )


def _chance(p: float) -> str:
    if np.isnan(p):
        return "–"
    return f"&lt;{decimal(0.001, 3).removeprefix('0')}" if p < 0.001 else decimal(p, 3)


def panel_consistency(heard: Heard) -> Block:
    """Show whose comparisons contradict each other, and the fewest answers to think over again.

    Parameters
    ----------
    heard : Heard

    Returns
    -------
    Block
        Ids of judges only, not their groups.
    """
    sets = sum(len(f.pairs.weights.columns) for _, f in heard.parts() if f.pairs is not None)
    limit = decimal(CONSISTENT)
    if not sets:
        return nothing(phrase("Nobody compared pairwise."))
    over = heard.contradictions
    if over.empty:
        fit = plural(
            sets,
            "The one set of comparisons fits together (consistency ratio at most {limit}).",
            "All {n} sets of comparisons fit together (consistency ratio at most {limit}).",
            limit=limit,
        )
        return block(heard.a.study, f"<p>{escape(fit)}</p>")
    rows = []
    for r in each_row(over.head(MOST_REPAIRED)):
        own = heard.repairs
        own = own[(own["part"] == r.part) & (own["judge_id"] == r.judge_id)]
        answers = "".join(f"<li>{_repair(heard, each)}</li>" for each in each_row(own))
        rows.append(
            [f"<b>{escape(str(r.judge_id))}</b>", escape(heard.title(str(r.part))), decimal(r.cr),
             f"<ul>{answers}</ul>"]
        )  # fmt: skip
    rest = len(over) - len(rows)
    more = plural(
        rest,
        "{n} more set is above {limit}.",
        "{n} more sets are above {limit}.",
        n=rest,
        limit=limit,
    )
    caption = phrase("Answers to think over again")
    head = [
        phrase("Judge|of a panel"),
        phrase("On|topic"),
        phrase(">Ratio"),
        phrase("Answers to reconsider"),
    ]
    title = (
        plural(
            len(over),
            "One of {sets} sets of comparisons does not fit together",
            "{n} of {sets} sets of comparisons do not fit together",
            n=capital(count(len(over))),
            sets=count(sets),
        )
        if sets > 1
        else phrase("The one set of comparisons does not fit together")
    )
    return block(
        heard.a.study,
        figure(
            title,
            phrase(
                "The fewest answers that, changed as little as can be, would bring the consistency "
                "ratio down to {limit}: a reason to ask again, never a correction",
                limit=limit,
            ),
            scrolling(caption, table(caption, head, rows, "pan rec")),
            f"<p class=note>{escape(more)}</p>" if rest else "",
        ),
    )


def _repair(heard: Heard, r: Any) -> str:
    """Say what was answered, and what would fit the other answers."""
    left, right = _item(heard, r.left), _item(heard, r.right)
    said, fits = float(r.value), float(r.suggested)
    if said < 1:
        left, right, said, fits = right, left, 1 / said, 1 / fits
    if fits >= 1.05:
        mend = phrase("about {times} times would fit", times=_digits(fits, 2))
    elif fits > 0.95:
        mend = phrase("the same would fit")
    else:
        mend = phrase(
            "the other way round, about {times} times, would fit", times=_digits(1 / fits, 2)
        )
    if said == 1:
        return strong(
            phrase("“{left}” **as much as** “{right}”: {mend}", left=left, right=right, mend=mend)
        )
    return strong(
        phrase(
            "“{left}” **{times} times as much as** “{right}”: {mend}",
            left=left,
            right=right,
            mend=mend,
            times=_digits(said, 3),
        )
    )


def _digits(value: float, digits: int) -> str:
    return decimal(float(f"{value:.{digits}g}"), None)


def _item(heard: Heard, item: object) -> str:
    """Name what was compared: an item of a topic, a factor or a part of a board."""
    for t in heard.topics:
        if item in t.found.weights.index:
            return t.name(item)
    if str(item) in PARTS:
        return phrase(PARTS[str(item)])
    coded = heard.a.study.swot_factors.set_index("factor_id")["statement"]
    return cited(clause(str(coded.get(str(item), item))))
