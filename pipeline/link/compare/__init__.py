"""Whether two reports tell of one thing: points for what agrees, one reason against is enough.

`Comparer.compare` gives the verdict on a pair, `Comparer.contradiction` only what keeps two
apart; clusters are joined only where no pair across contradicts.
"""

from pipeline.link.compare.comparer import Comparer

__all__ = ["Comparer"]
