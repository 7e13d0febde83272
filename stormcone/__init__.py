"""Stormcone: early warning for social-media backlash.

The core package: words (models), settings, clock, ports, store, incident life cycle, pipeline and command line.
It never talks to a platform, never judges a text and never renders a screen: those are `collectors`, `analysis`,
`alerts` and `dashboard`, which are wired to it in one place, `stormcone.pipeline`.
"""

__version__ = "0.1.0"
