"""Evidence that leaves the house: a sealed bundle of an incident, and the check whether one is whole."""

from stormcone.evidence.bundling import Bundle, make_bundle
from stormcone.evidence.verifying import Finding, verify_bundle

__all__ = ["Bundle", "Finding", "make_bundle", "verify_bundle"]
