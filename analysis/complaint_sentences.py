"""A week's complaints in calm sentences: every figure with its number, and what is not known named.

Last step of the look back at complaints; for the command line, the report and the screens. Quotes nobody.
"""

from collections.abc import Iterator

from stormcone.models.complaints import AnswerFigures, ComplaintWeek, PlatformAnswers
from stormcone.models.shares import Share

_HOUR, _DAY = 60.0, 1_440.0
_HALVED = 3  # of fewer there is no half to speak of


def complaint_sentences(week: ComplaintWeek) -> tuple[str, ...]:
    """Return what is known of a week's complaints, the most important first."""
    return tuple(_sentences(week))


def _sentences(week: ComplaintWeek) -> Iterator[str]:
    figures = week.figures
    if not figures.complaints:
        yield f"No complaint was found in {week.week.name}."
    else:
        yield f"{_counted(figures.complaints, 'complaint')} in {week.week.name}."
    if figures.rate is not None:
        yield f"{figures.answered} of {figures.rate.n} were answered in public: {share_text(figures.rate)}."
    if figures.median_minutes is not None:
        yield f"Half of the answered ones had their first answer within {duration(figures.median_minutes)}."
    if figures.open and figures.median_open_minutes is not None and figures.longest_open_minutes is not None:
        is_one, is_few = figures.open == 1, figures.open < _HALVED
        halves = "" if is_few else f", half of them for more than {duration(figures.median_open_minutes)}"
        longest = "" if is_one else "the longest "
        yield (
            f"{figures.open} {'is' if is_one else 'are'} still without an answer{halves}: "
            f"{longest}for {duration(figures.longest_open_minutes)}."
        )
    yield from (told for each in week.platforms if (told := _unsure(each)))
    if week.unread:
        yield f"{_counted(week.unread, 'text')} against the brand can no longer be read; what they said is unknown."
    if week.is_cut:
        yield "There was more against the brand than is read at once; the end of the week is not counted."
    if figures.complaints:
        yield "Answers in private messages are not seen."


def _unsure(platform: PlatformAnswers) -> str | None:
    """Return what is not known of a platform's answers, None where all is."""
    count = platform.figures.complaints
    if count and not platform.is_collected:
        asked = f"whether {_counted(count, 'complaint')} {'was' if count == 1 else 'were'} answered is unknown"
        return f"{platform.platform}: {asked}, as no answer of the brand to anybody was collected there."
    if platform.gap_hours > 0:
        hours = f"{platform.gap_hours:.1f} h were not, or not all, collected"
        return f"{platform.platform}: {hours}; an answer may be missing."
    return None


def share_text(share: Share) -> str:
    """Return a share with its interval, in words.

    >>> share_text(Share(value=0.6, low=0.4, high=0.77, n=10))
    '60 % (likely 40 to 77 %)'
    """
    return f"{share.value * 100:.0f} % (likely {share.low * 100:.0f} to {share.high * 100:.0f} %)"


def duration(minutes: float) -> str:
    """Return a time as people say it.

    >>> duration(0.4), duration(47.2), duration(135), duration(4000)
    ('0 min', '47 min', '2 h 15 min', '2 d 18 h')
    """
    whole = round(minutes)
    if whole < _HOUR:
        return f"{whole} min"
    if whole < _DAY:
        return f"{whole // 60} h {whole % 60} min"
    return f"{whole // 1440} d {whole % 1440 // 60} h"


def platform_line(name: str, figures: AnswerFigures, *, is_known: bool = True) -> str:
    """Return one line of a table: a platform or an hour.

    >>> from analysis.answer_figures import figures_of
    >>> platform_line("x", figures_of([]), is_known=False)
    'x  complaints 0  answered unknown'
    """
    head = f"{name}  complaints {figures.complaints}"
    if not is_known or (figures.rate is None and figures.complaints):
        return f"{head}  answered unknown"
    rate = share_text(figures.rate) if figures.rate else "none to answer"
    median = "" if figures.median_minutes is None else f"  median {duration(figures.median_minutes)}"
    return f"{head}  answered {figures.answered}  {rate}{median}  open {figures.open}"


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
