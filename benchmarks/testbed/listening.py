"""Listens to what the detectors conclude, between brand and desk: verdicts that change nothing reach no incident.

Everything passes through unchanged. Never changes a verdict, and knows nothing of how a pipeline is wired.
"""

from collections.abc import Callable

from analysis.brand_watch import BrandWatch, Verdicts

Listener = Callable[[Verdicts], None]


def listen_to(watch: BrandWatch, listener: Listener) -> None:
    """From now on, tell `listener` what every evaluation of this brand concluded."""
    evaluate = watch.evaluate

    def overheard(*asked: object, **named: object) -> Verdicts | None:
        verdicts = evaluate(*asked, **named)  # type: ignore[arg-type]  # passes on whatever the desk asks with
        if verdicts is not None:
            listener(verdicts)
        return verdicts

    watch.evaluate = overheard  # type: ignore[method-assign]  # on this one object: the wiring has no ear
