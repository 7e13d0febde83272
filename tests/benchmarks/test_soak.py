from benchmarks.soak import soak


def test_a_simulated_day_of_polling_keeps_time_threads_and_every_post() -> None:
    soaked = soak(1)
    assert soaked.served == soaked.stored > 800
    assert soaked.worst_drift_seconds <= 5
    assert soaked.days[-1].threads == soaked.threads_before
