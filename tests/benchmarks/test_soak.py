from datetime import timedelta

from benchmarks.soak import soak


def test_simulated_days_of_polling_keep_time_threads_files_and_every_post() -> None:
    soaked = soak(2, day=timedelta(hours=3))
    assert soaked.served == soaked.stored
    assert soaked.stored["paged"] > 60
    assert soaked.stored["news"] > 20
    assert soaked.worst_drift_seconds <= 7
    assert (soaked.threads_left, soaked.files_left) == (0, 0)
