"""Checks a draft before anybody sees it: flags with the words that triggered them, out of readable rules.

`check_draft` is the only thing others need. Words, patterns, days and rules are TOML files in this folder.
"""

from analysis.draft_check.checking import check_draft

__all__ = ["check_draft"]
