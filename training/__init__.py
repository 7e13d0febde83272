"""Learns the arrays under analysis/scoring/weights from labelled texts: `make train`.

Needs scikit-learn and data that are not part of the repository (docs/model-card.md says which). Never runs in the
product, never writes a text anywhere.
"""
