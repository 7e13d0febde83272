"""Drills: invented storms over invented brands, generated from a seed, played through the whole live stack.

A subpackage and therefore no plug-in itself: `collectors/drill.py` plays what this package generates. A new drill is
one file, `data/NAME.toml`; `scenario.py` says what may stand in it. Every brand, place, author and text is made up.
Never reads a clock, a network or a store; the same scenario, start and seed give the same rows.
"""
