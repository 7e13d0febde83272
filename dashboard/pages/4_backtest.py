"""Back-test: with this budget, how often would you have been paged?"""

from dashboard.backtest_runner import shared_runner
from dashboard.context import current_path
from dashboard.guarding import calm
from dashboard.widgets.backtest_screen import draw_backtest

with calm("backtest"):
    draw_backtest(current_path(), shared_runner(current_path()))
