"""The one place that wires the parts together: collectors, scorer, detectors, incidents, store, alerts.

Live, in replays and in drills it is the same code; only clock and source differ. Stands above all of them and below the
command line; nothing else imports across the house.
"""

from stormcone.pipeline.building import Pipeline, build_advisor, build_pipeline, build_scorer
from stormcone.pipeline.ingest import Taken

__all__ = ["Pipeline", "Taken", "build_advisor", "build_pipeline", "build_scorer"]
