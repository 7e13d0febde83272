"""What collectors share: whom a text mentions, when an own post is due, what an HTTP answer means.

Stands below the collectors, above models, ports and errors. Never talks to a network, never knows a platform.
"""

from stormcone.collecting.cursors import Cursor, Stretch
from stormcone.collecting.failures import failure, hide_secrets, one_line, unreachable
from stormcone.collecting.ladder import WATCHED_DAYS, due_posts, is_hot
from stormcone.collecting.matching import Matcher, pattern_of, plain

__all__ = [
    "WATCHED_DAYS",
    "Cursor",
    "Matcher",
    "Stretch",
    "due_posts",
    "failure",
    "hide_secrets",
    "is_hot",
    "one_line",
    "pattern_of",
    "plain",
    "unreachable",
]
