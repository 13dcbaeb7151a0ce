"""Two to six systems side by side, dimension by dimension."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from mcanalysis.analysis import Analysis
from mcanalysis.errors import MethodError, ParameterError, nearest
from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.marks import confidence, src, steps
from mcanalysis.markup import Block, block, figure, table
from mcanalysis.wording import capital, listed, plural

SHOWN_SIDE_BY_SIDE = 4


def chosen_systems(a: Analysis, systems: Sequence[str] | None) -> list[str]:
    """Return the systems to set side by side: those asked for, else four spread over the ranking.

    Raises
    ------
    ParameterError
        If one of them is not in the study or has no evidence; names the nearest.
    """
    if not systems:
        if not a.ranked:
            raise MethodError(
                "No system has enough evidence to be ranked. Lower min_dimensions or name systems."
            )
        order = list(a.ranking.table.sort_values("mean_rank").index)
        at = np.linspace(0, len(order) - 1, min(SHOWN_SIDE_BY_SIDE, len(order))).round().astype(int)
        return [order[i] for i in dict.fromkeys(at.tolist())]
    known = list(a.evidence.levels.index)
    for s in systems:
        if s not in known:
            raise ParameterError(
                f'No evidence on a system "{s}".{nearest(s, known)} There is evidence on: '
                f"{', '.join(known)}."
            )
    return list(dict.fromkeys(systems))


def side_by_side(a: Analysis, systems: Sequence[str] | None = None) -> Block:
    """Show the levels of two to six systems side by side, each with confidence and source.

    Parameters
    ----------
    a : Analysis
    systems : sequence of str, optional
        Ids; by default four spread over the ranking.

    Returns
    -------
    Block

    Raises
    ------
    ParameterError
        If a system is not in the study or has no evidence.
    """
    some = chosen_systems(a, systems)[:6]
    facts = {(str(r.system_id), str(r.dimension_id)): r for r in each_row(a.evidence.rows)}
    rows = []
    for d in a.dimensions:
        cells = []
        for s in some:
            f = facts.get((s, d))
            if f is None:
                cells.append(
                    '<span class="pf"><b class="lv gap" aria-hidden="true">–</b>'
                    f'<span class="vh">{phrase("no evidence")}</span>{steps(None)}</span>'
                )
                continue
            cells.append(
                f'<span class="pf"><b class="lv"><span class="vh">{phrase("level|number")} </span>'
                f'{f.level}</b>{steps(int(f.level))}<span class="ps">'
                f"{confidence(str(f.confidence))} "
                f"{src(str(f.source_id), f.locator)}</span></span>"
            )
        rows.append([escape(a.names.dimension(d)), *cells])
    high = {s: sum((a.level(s, d) or 0) >= 2 for d in a.dimensions) for s in some}
    order = sorted(some, key=lambda s: -high[s])
    first, rest = order[0], order[1:]
    title = plural(
        high[first],
        "{system} reaches level 2 or more on one dimension",
        "{system} reaches level 2 or more on {n} dimensions",
        "{system} reaches level 2 or more on no dimensions",
        system=a.names.in_sentence(first),
    )
    others = [
        plural(
            high[s],
            "{system} on one",
            "{system} on {n}",
            "{system} on none",
            system=a.names.in_sentence(s),
        )
        for s in rest
    ]
    title = ", ".join([capital(title), *([listed(others)] if others else [])])
    names = [a.names.system(s) for s in some]
    return block(
        a.study,
        figure(
            title,
            phrase("Level, confidence and source of the newest evidence"),
            table(
                phrase("Levels of {systems}", systems=listed(names)),
                [phrase("Dimension"), *map(escape, names)],
                rows,
                "prof4",
            ),
        ),
        title,
    )
