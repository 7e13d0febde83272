"""What they are angry about: the words and phrases that set a window's hostile texts apart from the brand's usual ones.

After the verdict, for its explanation. Stop words need no list here: they are as common in the background, so nothing
sets them apart. Shows phrases without signs, swear words and numbers that name a person; judges nobody.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from analysis.background import LONGEST_PHRASE, Background, terms_of
from analysis.profanity import Profanity, Swearing
from stormcone.models import Topic

_MOST_TEXTS: Final = 500  # a larger storm says the same
_LEAST_TEXTS: Final = 3  # texts that say it; two strangers may agree by chance
_LEAST_Z: Final = 1.96
_PRIOR_TEXTS: Final = 20.0  # how many texts the prior counts for: an incident begins with fewer
_COVERS: Final = 0.6  # of the texts with a word, above which its phrase stands for it, or a chosen topic has told it
_LEAST_LETTERS: Final = 3
_MOST_DIGITS: Final = 4  # a year, a model; more is an order, a card, a telephone
_STEM: Final = 5  # letters


@dataclass(slots=True)
class _Candidate:
    words: tuple[str, ...]
    phrase: str
    texts: set[int]
    z: float = 0.0
    fillers: int = 0  # words inside that everybody uses


def topics(
    hostile_texts: Iterable[str], background: Background, *, most: int = 5, language: str | None = None
) -> tuple[Topic, ...]:
    """Return what sets hostile texts apart, most telling first; phrases stand for their words.

    Texts are counted, not words, so that one who repeats himself is heard once.
    Args: hostile_texts: distinct (copies folded by the caller), as written; the first 500 are read. background: of
        the same brand. language: of most of the texts; its swear words are not shown, beside the English ones.
    Returns: at most `most`; none where nothing is said by three texts or more, or nothing is unusual.
    >>> texts = [f"{start} the delivery fee has doubled" for start in ("wow", "so", "great", "lol")]
    >>> [topic.phrase for topic in topics(texts, Background())]
    ['delivery fee']
    """
    found: dict[str, set[int]] = {}
    total = 0
    for number, text in enumerate(islice(hostile_texts, _MOST_TEXTS)):
        total += 1
        for term in terms_of(text):
            found.setdefault(term, set()).add(number)
    shared = ((term, texts) for term, texts in found.items() if len(texts) >= _LEAST_TEXTS)
    candidates = [_Candidate(tuple(term.split(" ")), term, texts) for term, texts in shared]
    candidates = [each for each in candidates if _is_telling(each, background)]
    for each in candidates:
        each.z = set_apart(len(each.texts), total, share=background.share(each.phrase), weight=background.weight)
        each.fillers = sum(map(background.is_everyday, each.words))
    candidates = [each for each in candidates if each.z >= _LEAST_Z and _is_safe(each.phrase, language)]
    candidates.sort(key=lambda each: (-each.z, each.fillers, -len(each.words), each.phrase))
    return tuple(Topic(phrase=each.phrase, z=each.z, count=len(each.texts)) for each in _choose(candidates, most=most))


def set_apart(count: int, total: int, *, share: float, weight: float) -> float:
    """Return how many standard errors the log-odds of a term in some texts lie above those in the background.

    delta = log(y1 + a) / (n1 + a0 - y1 - a) - log(y2 + a) / (n2 + a0 - y2 - a), divided by its standard error, the root
    of the sum of 1 over each of the four terms; a0 = 20 texts, a = a0 times the background's share.
    Args: count, total: texts with the term, and all, 0 <= count <= total. share: of the background's texts that hold
        it, above 0 and below 1. weight: how many texts the background stands for.
    Source: Monroe, Colaresi, Quinn, "Fightin' Words", Political Analysis 16(4), 2008 (log-odds ratio with
        informative Dirichlet prior). Own: texts instead of words are counted, so all four terms count in the variance.
    >>> abs(set_apart(8, 10, share=0.8, weight=100)) < 1e-9
    True
    >>> round(set_apart(8, 10, share=0.01, weight=100), 1)
    3.6
    """
    prior = _PRIOR_TEXTS * share
    cells = (
        count + prior,
        total + _PRIOR_TEXTS - count - prior,
        weight * share + prior,
        (weight + _PRIOR_TEXTS) * (1 - share),
    )
    delta = math.log(cells[0] / cells[1]) - math.log(cells[2] / cells[3])
    return delta / math.sqrt(sum(1 / cell for cell in cells))


def _is_telling(each: _Candidate, background: Background) -> bool:
    """Tell whether a term could be a topic at all: it neither begins nor ends with a word that everybody uses."""
    edges = {each.words[0], each.words[-1]}
    return all(len(word) >= _LEAST_LETTERS and not background.is_everyday(word) for word in edges)


def _is_safe(phrase: str, language: str | None) -> bool:
    """Tell whether a phrase may stand on a screen: no swearing, no number that could be somebody's."""
    if sum(sign.isdigit() for sign in phrase) > _MOST_DIGITS or not any(sign.isalpha() for sign in phrase):
        return False
    return all(Profanity.of(each).find(phrase) is Swearing.NONE for each in {language, None})


def _choose(candidates: Sequence[_Candidate], *, most: int) -> list[_Candidate]:
    """Take the best, each in its longest form, and skip what a chosen one has told already."""
    longer: dict[str, list[_Candidate]] = {}
    for each in candidates:
        for part in {*each.words, *(" ".join(each.words[at : at + 2]) for at in range(len(each.words) - 1))}:
            if part != each.phrase:
                longer.setdefault(part, []).append(each)
    chosen: list[_Candidate] = []
    for each in candidates:
        if len(chosen) >= most:
            break
        best = _longest_form(each, longer)
        if not any(_tells(earlier, best) or _tells(earlier, each) for earlier in chosen):
            chosen.append(best)
    return sorted(chosen, key=lambda each: -each.z)


def _longest_form(each: _Candidate, longer: dict[str, list[_Candidate]]) -> _Candidate:
    for _ in range(LONGEST_PHRASE - 1):
        forms = [form for form in longer.get(each.phrase, ()) if len(form.texts) >= _COVERS * len(each.texts)]
        if not forms:
            break
        each = max(forms, key=lambda form: (len(form.texts), -form.fillers, form.z, form.phrase))
    return each


def _tells(earlier: _Candidate, each: _Candidate) -> bool:
    """Tell whether a chosen topic has told this one: the same words, inflected or not, or the same texts about it."""
    if earlier.phrase == each.phrase:
        return True
    shared = [word for word in each.words if any(_is_same(word, other) for other in earlier.words)]
    if len(shared) == len(each.words):
        return True
    return bool(shared) and len(each.texts & earlier.texts) >= _COVERS * len(each.texts)


def _is_same(word: str, other: str) -> bool:
    if word == other:
        return True
    short, long = sorted((word, other), key=len)
    return len(short) >= _STEM and long.startswith(short)
