"""What a text says: polarity by a small linear model beside VADER, in English and fourteen other languages.

Between cleaning and voting. Pure numpy at run time; the arrays come from `make train` (training/), their measurements
stand in docs/model-card.md. Never decides about a brand.
"""
