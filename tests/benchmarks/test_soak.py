from datetime import timedelta

from benchmarks.soak import soak


def test_simulated_days_of_polling_keep_time_threads_and_every_post() -> None:
    soaked = soak(2, day=timedelta(hours=3))
    assert soaked.served == soaked.stored > 120
    assert soaked.worst_drift_seconds <= 5
    assert soaked.days[-1].threads == soaked.threads_before
