"""What the inconsistency of judgements is measured against: that of random judgements."""

from __future__ import annotations

from mcanalysis.errors import MethodError, nearest

RANDOM_INDICES = {
    "alonso-lamata": (
        *(0, 0, 0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854),
        *(1.5141, 1.5365, 1.5551, 1.5713, 1.5838),
    ),
    "saaty-1980": (
        *(0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
        *(1.51, 1.48, 1.56, 1.57, 1.59),
    ),
    "saaty-2005": (
        *(0, 0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49),
        *(1.52, 1.54, 1.56, 1.58, 1.59),
    ),
    "donegan-dodd": (
        *(0, 0, 0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055),
        *(1.4213, 1.4497, 1.4643, 1.4822, 1.4969),
    ),
}
"""Mean consistency index of random matrices with 1, 2, 3, … items, by the table's name."""


def random_index(n: int, table: str = "alonso-lamata") -> float:
    """Return the mean consistency index of random matrices of n items.

    Parameters
    ----------
    n : int
        Number of items.
    table : str
        "alonso-lamata" (100,000 matrices per size; beyond 15 items their regression line, which is
        within .006 of simulated means up to 20),
        "saaty-1980", "saaty-2005" or "donegan-dodd" (all up to 15). The verdict on small matrices
        depends on the table: for three items it divides by .5245, .58, .52 or .4914.

    Raises
    ------
    MethodError
        For a table that is not known, no items, or more than the table has.

    References
    ----------
    Alonso, J. A. & Lamata, M. T. (2006), *Consistency in the analytic hierarchy process: a new
    approach*. Int. J. of Uncertainty, Fuzziness and Knowledge-Based Systems 14(4), 445-459.
    Saaty, T. L. (1980), *The Analytic Hierarchy Process*. McGraw-Hill.
    Saaty, T. L. (2005), *Theory and Applications of the Analytic Network Process*. RWS
    Publications, p. 31.
    Donegan, H. A. & Dodd, F. J. (1991), *A note on Saaty's random indexes*. Mathematical and
    Computer Modelling 15(10), 135-137.

    Examples
    --------
    >>> random_index(3), random_index(3, "saaty-1980")
    (0.5245, 0.58)
    """
    if table not in RANDOM_INDICES:
        raise MethodError(
            f'random index: no table is called "{table}".{nearest(table, RANDOM_INDICES)} '
            f"Use one of {', '.join(RANDOM_INDICES)}."
        )
    values = RANDOM_INDICES[table]
    if n < 1:
        raise MethodError(f"random index: {n} items. Hand in at least one.")
    if n <= len(values):
        return float(values[n - 1])
    if table == "alonso-lamata":
        return (2.7699 * n - 4.3513 - n) / (n - 1)
    raise MethodError(
        f'random index: table "{table}" ends at {len(values)} items, here are {n}. '
        'Use "alonso-lamata", or arrange the items in groups of fewer.'
    )
