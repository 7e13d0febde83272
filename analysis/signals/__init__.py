"""Signals: one measurement of a window a file, found by scanning this folder (stormcone.plugins).

Signals explain; the brand's stream and the own-post watch decide. A signal never sees a text, a clock or a setting.
"""
