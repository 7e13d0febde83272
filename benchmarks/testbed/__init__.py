"""The test-bed: labelled streams of invented mentions, from a seed, to measure detection on.

`plans` lists what is to be generated, `stories` says how each kind of surge goes, `generating` writes the rows with the
machinery of the drills, `collecting` spoils them as collectors do (gaps, caps, late batches). `labels` holds the truth
about each stream. Used by `benchmarks.detect`; nothing here knows a detector.
"""
