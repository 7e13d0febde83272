"""Makes sense of what people write: cleans texts, scores them, counts voices, and judges what is normal.

Stands between the collectors and the incidents. Pure: mentions and numbers in, numbers out; no clock, no network, no
store, no screen.
"""
