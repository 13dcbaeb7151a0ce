"""Sentences made from results, and the chain from each to its rows and sources."""

from mcanalysis.why.chain import Explanation, explain
from mcanalysis.why.claims import Claim
from mcanalysis.why.findings import system_claims

__all__ = ["Claim", "Explanation", "explain", "system_claims"]
