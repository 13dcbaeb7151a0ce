"""An invented panel, to show what a panel's judgements bring before there is one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.errors import MethodError
from mcanalysis.model import QUADRANTS, TABLES, Study
from mcanalysis.weights.pairwise import Floats
from mcanalysis.weights.panel import weigh_panel
from mcanalysis.weights.writing import write_best_worst, write_judgements, write_ratings

LEAST_JUDGES = 5
"""Judges that speak for each group at least."""
MOST_QUESTIONS = 25
"""Comparisons of dimensions that a judge is asked for at most."""
MOST_IN_QUADRANT = 15
"""Comparisons of the factors of a quadrant at most: all of six factors."""
SWOT_JUDGES = 3
"""Judges of each group who are asked about a system."""
GROUP_SPREAD, JUDGE_SPREAD = 0.25, 0.35
"""Standard deviation, on a log scale, of groups around the study and of judges around a group."""
CARELESS = 0.2, 0.7
"""Least and greatest standard deviation, on a log scale, of a judge's answers."""
RATING_SPREAD = 12.0
"""Standard deviation of judges' ratings around that of their group, on the scale to 100."""
ANSWERS = np.array([*(1 / np.arange(9, 1, -1)), *range(1, 10)])


def illustrative_panel(
    study: Study,
    seed: int = 1,
    judges_per_group: int = 8,
    systems: Sequence[str] = ("DE", "IE"),
) -> pd.DataFrame:
    """Invent a panel's judgements on a study: nobody was asked, and every row says so.

    The judges speak for the stakeholder groups that have benefits (for all, where none has any),
    equally many for each, and are numbered through. Every number is drawn at random as follows.

    1. *True priorities of a group.* The importance of a dimension to a group is 1 plus the sum of
       the strengths with which it enables the group's benefits, times ``exp(GROUP_SPREAD z)``, z
       standard normal; the priorities are these divided by their sum. A judge's own priorities are
       the group's times ``exp(JUDGE_SPREAD z)``, divided by their sum.
    2. *Answers.* Asked how many times as important one item is as another, a judge takes the ratio
       of the own priorities times ``exp(s z)`` and says the nearest of 1/9, 1/8, …, 1/2, 1, 2, …, 9
       (on a log scale). s is the judge's carelessness, the same for all questions: between the two
       numbers of `CARELESS`, as far up as the square of a uniform number from 0 to 1, so that few
       judges are very careless.
    3. *Topic "dimensions".* The last judge of each group answers by best-worst comparisons: the
       own first and last item against the others (an answer below 1 becomes 1, one above the answer
       for best against worst becomes that). All others compare pairwise, at most `MOST_QUESTIONS`
       pairs: all pairs if these are enough, else items are set in a circle, in an order drawn for
       each judge, and compared with their neighbours, then with those two places further, and so
       on, until the questions are used up. Neighbours alone link all items, so that every design is
       connected (and takes one question per item, should there be more items than questions).
    4. *One topic per group*, named by its id: its judges rate its benefits. The group's rating of a
       benefit is uniform from 35 to 90, a judge's differs by `RATING_SPREAD` z and is rounded to
       fives, from 1 to 100.
    5. *One topic per system*, named by its id: up to `SWOT_JUDGES` judges of each group, others for
       each system, compare the factors inside each quadrant as in 3 (at most `MOST_IN_QUADRANT`
       pairs). To a judge a factor is as important as its dimension, times ``exp(z / 2)``, drawn
       for the factor, times ``exp(JUDGE_SPREAD z)``, drawn for the judge. Then they compare the
       quadrants themselves, items strength, weakness, opportunity and threat, whose importance is
       ``exp(0.4 z)`` to all, times ``exp(JUDGE_SPREAD z)`` to a judge. In every system but the
       first, the last of the judges from each group compare instead the top factors of the
       quadrants: those that have most weight with the judges of that system together. Such a factor
       is as important as its quadrant times its share of it.

    Parameters
    ----------
    study : Study
        Valid, with dimensions and stakeholders; its panels are not looked at.
    seed : int
        The same seed makes the same panel.
    judges_per_group : int
        `LEAST_JUDGES` or more.
    systems : sequence of str
        Systems whose SWOT factors are judged; those without factors are passed over.

    Returns
    -------
    DataFrame
        Columns of the table ``panels``, ``illustrative`` yes in every row; ordered by topic, then
        judge. Topics on which there is nothing to compare (one dimension, one factor) are left out.

    Raises
    ------
    MethodError
        For too few judges, or a study without stakeholders.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> panel = illustrative_panel(read_study("data"))
    >>> list(panel["topic"].unique()), panel["judge_id"].nunique()
    (['dimensions', 'learners', 'hei', 'employers', 'DE', 'IE'], 24)
    >>> set(panel["illustrative"])
    {'yes'}
    """
    if judges_per_group < LEAST_JUDGES:
        raise MethodError(
            f"illustrative panel: {judges_per_group} judges per group are too few. "
            f"Ask for {LEAST_JUDGES} or more."
        )
    named = study.stakeholders["stakeholder_id"].astype(str)
    groups = list(named[named.isin(study.benefits["stakeholder_id"])]) or list(named)
    if not groups:
        raise MethodError(
            "illustrative panel: the study names no stakeholders. Fill in stakeholders.csv: "
            "each judge speaks for one of them."
        )
    generator = np.random.default_rng(seed)
    speaks = np.repeat(groups, judges_per_group)
    digits = max(2, len(str(len(speaks))))
    stakeholders = {f"j{k:0{digits}}": str(group) for k, group in enumerate(speaks, 1)}
    priorities = _priorities(generator, study, groups, judges_per_group)
    priorities.columns = pd.Index(stakeholders)
    least, most = CARELESS
    careless = pd.Series(
        least + (most - least) * generator.random(len(speaks)) ** 2, priorities.columns
    )
    parts = [_judge_dimensions(generator, priorities, careless, stakeholders, judges_per_group)]
    parts += [_rate_benefits(generator, study, group, stakeholders) for group in groups]
    coded = [s for s in systems if (study.swot_factors["system_id"] == s).any()]
    for number, system in enumerate(coded):
        place = np.tile(np.arange(judges_per_group), len(groups))
        turn = (place % len(coded) == number) & (place // len(coded) < SWOT_JUDGES)
        asked = priorities.loc[:, turn]
        last = number > 0 and max(place[turn])
        tops = {judge for judge, at in zip(asked, place[turn], strict=True) if last and at == last}
        factors = study.swot_factors[study.swot_factors["system_id"] == system]
        parts.append(
            _judge_factors(generator, system, factors, asked, careless, stakeholders, tops)
        )
    rows = [part for part in parts if len(part)]
    if not rows:
        return pd.DataFrame(columns=TABLES["panels"].column_names)
    return pd.concat(rows, ignore_index=True)


def _priorities(
    generator: np.random.Generator, study: Study, groups: Sequence[str], each: int
) -> pd.DataFrame:
    """Draw the priorities of each judge: index dimension_id, one column per judge."""
    dimensions = pd.Index(study.dimensions["dimension_id"].astype(str), name="item")
    links = study.benefit_enablers.merge(study.benefits, on="benefit_id")
    strength = links["strength"].astype(float)
    implied = strength.groupby([links["dimension_id"], links["stakeholder_id"]]).sum().unstack()
    importance = 1 + implied.reindex(index=dimensions, columns=pd.Index(groups)).fillna(0).to_numpy(
        float
    )
    importance *= np.exp(GROUP_SPREAD * generator.standard_normal(importance.shape))
    own = np.repeat(importance / importance.sum(axis=0), each, axis=1)
    own *= np.exp(JUDGE_SPREAD * generator.standard_normal(own.shape))
    return pd.DataFrame(own / own.sum(axis=0), index=dimensions)


def _say(generator: np.random.Generator, ratios: Floats, careless: float) -> Floats:
    """Answer questions whose true answers are the ratios, on the scale from 1/9 to 9."""
    felt = np.log(ratios) + careless * generator.standard_normal(len(ratios))
    return np.asarray(ANSWERS[np.abs(felt[:, None] - np.log(ANSWERS)).argmin(axis=1)])


def _questions(generator: np.random.Generator, n: int, most: int) -> npt.NDArray[np.intp]:
    """Choose which pairs of n items to ask for: an array of shape (2, questions)."""
    if n * (n - 1) // 2 <= most:
        return np.array(list(combinations(range(n), 2)), dtype=np.intp).reshape(-1, 2).T
    circle = generator.permutation(n)
    places = np.arange(n)
    rounds = [(places, (places + step) % n) for step in range(1, (n - 1) // 2 + 1)]
    if n % 2 == 0:
        rounds.append((places[: n // 2], places[n // 2 :]))
    asked = np.concatenate([np.array(pairs) for pairs in rounds], axis=1)
    return np.asarray(circle[asked[:, : max(most, n)]])


def _compare(
    generator: np.random.Generator,
    own: pd.DataFrame,
    careless: pd.Series,
    most: int,
    topic: str,
    stakeholders: dict[str, str],
) -> pd.DataFrame:
    """Let judges compare items pairwise; `own` holds their priorities, one column per judge."""
    n, judges = len(own), [str(judge) for judge in own.columns]
    said = np.full((n, n, len(judges)), np.nan)
    for k, judge in enumerate(judges):
        i, j = _questions(generator, n, most)
        w = own[judge].to_numpy(float)
        said[i, j, k] = _say(generator, w[i] / w[j], careless[judge])
    return write_judgements(said, list(own.index), judges, topic, stakeholders, illustrative=True)


def _judge_dimensions(
    generator: np.random.Generator,
    priorities: pd.DataFrame,
    careless: pd.Series,
    stakeholders: dict[str, str],
    each: int,
) -> pd.DataFrame:
    last = np.arange(len(priorities.columns)) % each == each - 1
    if len(priorities) < 3:
        last[:] = False
    pairs = _compare(generator, priorities.loc[:, ~last], careless, MOST_QUESTIONS, "dimensions",
                     stakeholders)  # fmt: skip
    best_to, to_worst = {}, {}
    for judge, w in priorities.loc[:, last].items():
        most, least = w.idxmax(), w.idxmin()
        first = pd.Series(_say(generator, w[most] / w.to_numpy(), careless[judge]), w.index)
        to_last = pd.Series(_say(generator, w.to_numpy() / w[least], careless[judge]), w.index)
        top = max(first[least], 2.0)
        first, to_last = first.clip(1, top), to_last.clip(1, top)
        first[least] = to_last[most] = top
        first[most] = to_last[least] = np.nan
        best_to[judge], to_worst[judge] = first, to_last
    ends = write_best_worst(pd.DataFrame(best_to), pd.DataFrame(to_worst), "dimensions",
                            stakeholders, illustrative=True)  # fmt: skip
    return _in_order([pairs, ends], stakeholders)


def _rate_benefits(
    generator: np.random.Generator, study: Study, group: str, stakeholders: dict[str, str]
) -> pd.DataFrame:
    benefits = study.benefits.loc[study.benefits["stakeholder_id"] == group, "benefit_id"]
    judges = [judge for judge, speaks in stakeholders.items() if speaks == group]
    centre = generator.uniform(35, 90, (len(benefits), 1))
    felt = centre + RATING_SPREAD * generator.standard_normal((len(benefits), len(judges)))
    ratings = pd.DataFrame(
        np.clip(5 * np.round(felt / 5), 1, 100), benefits.astype(str).to_list(), judges
    )
    return write_ratings(ratings, group, stakeholders, illustrative=True)


def _judge_factors(
    generator: np.random.Generator,
    system: str,
    factors: pd.DataFrame,
    asked: pd.DataFrame,
    careless: pd.Series,
    stakeholders: dict[str, str],
    tops: set[str],
) -> pd.DataFrame:
    """Let judges compare the factors inside each quadrant, then quadrants or top factors."""

    def scatter(n: int) -> Floats:
        return np.exp(JUDGE_SPREAD * generator.standard_normal((n, len(asked.columns))))

    found = [q for q in QUADRANTS if (factors["quadrant"] == q).any()]
    weight = np.exp(0.4 * generator.standard_normal((len(found), 1))) * scatter(len(found))
    quadrants = pd.DataFrame(weight, found, asked.columns)
    parts, top = [], {}
    for quadrant in found:
        mine = factors[factors["quadrant"] == quadrant]
        names = mine["factor_id"].astype(str).to_list()
        own = asked.loc[list(mine["dimension_id"].astype(str))].to_numpy() * scatter(len(mine))
        own *= np.exp(generator.standard_normal((len(mine), 1)) / 2)
        local = pd.DataFrame(own / own.sum(axis=0), names, asked.columns)
        part = _compare(generator, local, careless, MOST_IN_QUADRANT, system, stakeholders)
        parts.append(part)
        first = names[0]
        if len(part):
            first = str(weigh_panel(part, system, names).weights.idxmax())
        top[first] = quadrants.loc[quadrant] * local.loc[first]
    by_group = [judge for judge in asked if judge not in tops]
    parts += [
        _compare(generator, whole, careless, MOST_QUESTIONS, system, stakeholders)
        for whole in (quadrants[by_group], pd.DataFrame(top).T[sorted(tops)])
        if len(whole.columns)
    ]
    return _in_order(parts, stakeholders)


def _in_order(parts: Sequence[pd.DataFrame], stakeholders: dict[str, str]) -> pd.DataFrame:
    """Put parts of a table together, judge by judge."""
    rows = pd.concat([part for part in parts if len(part)] or parts[:1])
    order = {judge: place for place, judge in enumerate(stakeholders)}
    return rows.sort_values("judge_id", key=lambda ids: ids.map(order), kind="stable")
