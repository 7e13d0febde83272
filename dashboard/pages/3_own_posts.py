"""Own posts: is this draft safe to publish, and what of the last week should not have gone out as it did?"""

from dashboard.context import current_path
from dashboard.guarding import calm
from dashboard.widgets.draft_screen import draw_drafts

with calm("own_posts"):
    draw_drafts(current_path())
