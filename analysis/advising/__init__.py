"""What to do: the rules of advice as data, how they are read and applied, and which answer would change the advice."""

from analysis.advising.advisor import Advisor

__all__ = ["Advisor"]
