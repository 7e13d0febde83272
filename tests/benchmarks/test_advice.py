from benchmarks.advice import measure


def test_advice_agrees_with_what_sources_judged_good_and_every_reason_has_a_source() -> None:
    result = measure()
    assert result.sourced == 1
    assert result.judged_good >= 8
    assert result.good >= 0.85
    assert result.cases > 40
