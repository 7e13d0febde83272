"""The draft check: reads a draft, looks around it, and asks the rules.

`check_draft` is what the command line, the dashboard and the watch on own posts call. Pure: no clock, no store; the
data files of the rules are read once in a process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from analysis.draft_check.days import SensitiveDay, read_days
from analysis.draft_check.findings import Finding, Findings
from analysis.draft_check.judging import judge
from analysis.draft_check.plain_text import PlainText, read_plain
from analysis.draft_check.room import add_controversies, add_news, quotes, topics_of
from analysis.draft_check.rule_files import Rule, read_rules
from analysis.draft_check.signs import Signs
from analysis.draft_check.term_files import ANY_LANGUAGE, LANGUAGES, TermTable, read_terms
from analysis.draft_check.terms import Hit, Terms, by_concept, literal
from analysis.identify import Identifier, Strength, best_identifier, words_of
from stormcone.models.drafts import Draft, DraftAudience, DraftRole, DraftVerdict, Industry, Tone

_AROUND: Final = frozenset(
    {
        *("has:controversies", "quotes:controversy", "quotes:no_go", "quotes:tragedy", "news:tragedy", "news:trouble"),
        *("touches:controversy", "touches:news", "touches:tragedy", "clash", "day:mourning", "day:cause", "day:feast"),
        *("is:automated", "is:reply", "is:adult_edgy"),
        *(f"role:{each}" for each in DraftRole),
        *(f"industry:{each}" for each in Industry),
        *(f"audience:{each}" for each in DraftAudience),
        *(f"tone:{each}" for each in Tone),
    }
)
# Only these are meant otherwise inside an idiom; an offer in "killer deal" stays an offer.
_FIGURATIVE: Final = frozenset(
    {
        *("violence", "violence_weak", "weapon", "death", "death_weak", "illness", "poverty", "atrocity", "disaster"),
        *("group", "demean", "slur", "stereotype", "profanity", "profanity_weak", "sexual", "grown_up_things"),
        *("insult", "mourning", "rant", "threat", "harass", "private_life", "private_strong", "fan"),
        *("touchy_group", "misfortune", "enemy"),
    }
)
_MOST_HEADLINES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checker:
    """Everything that is read from the data files, compiled."""

    terms: Terms
    signs: Signs
    days: tuple[SensitiveDay, ...]
    rules: tuple[Rule, ...]


def check_draft(draft: Draft) -> DraftVerdict:
    """Say what is risky in a draft.

    Args: draft: its text may be anything, of any length; the first 12,000 characters are read.
    Returns: the same verdict for the same draft, always.
    Raises: ConfigError: a data file of the rules is wrong.
    >>> verdict = check_draft(Draft(text="Hi [FIRST NAME], your voucher is here"))
    >>> verdict.advice.value, verdict.flags[0].category.value, verdict.flags[0].span
    ('do_not_post', 'placeholder', (3, 15))
    >>> check_draft(Draft(text="Copy and link in bio: our killer deal on winter tyres")).advice.value
    'post'
    """
    return judge(load_checker().rules, findings_of(draft))


def findings_of(draft: Draft) -> Findings:
    """Return everything that is found in and around a draft, before any rule is asked. Raises: ConfigError."""
    checker = load_checker()
    text = read_plain(draft.text)
    languages = languages_of(draft.text, draft.lang)
    found = checker.terms.find(text, languages)
    hits = by_concept(literal(found, _FIGURATIVE))
    findings = Findings()
    for concept, said in hits.items():
        findings.add_hits(text.given, said, concept)
    findings.add_hits(text.given, checker.signs.find(text))
    _add_profile(findings, draft)
    _add_day(findings, text, draft, checker.days, languages, found)
    profile = draft.profile
    findings.add_hits(text.given, quotes(text, profile.no_go), "quotes:no_go")
    add_controversies(findings, text, profile.controversies, _topics(profile.controversies), hits)
    if draft.news:
        news = draft.news[:_MOST_HEADLINES]
        add_news(findings, text, news, _topics(news), hits)
    return findings


@cache
def load_checker() -> _Checker:
    """Return the rules that come with Stormcone, read and compiled once in a process.

    Raises: ConfigError: a data file is wrong; names file and key.
    """
    tables = [read_terms(language) for language in LANGUAGES]
    days = read_days()
    day_words = {day.concept: day.words for day in days}
    own_words = TermTable(language=ANY_LANGUAGE, endings=tables[0].endings, concepts=day_words)
    signs = Signs.load()
    concepts = frozenset(concept for table in tables for concept in table.concepts) | signs.concepts | _AROUND
    return _Checker(terms=Terms([*tables, own_words]), signs=signs, days=days, rules=read_rules(concepts))


def languages_of(text: str, lang: str | None) -> tuple[str, ...]:
    """Return the languages whose words are looked for: the one that is told or known, all where neither is sure.

    Args: lang: what the draft says of itself.
    Returns: () where it is another language; then only long English words and hashtags are found.
    >>> languages_of("whatever", "hu-HU"), languages_of("Tervetuloa uuteen myymäläämme", None)
    (('hu',), ('fi',))
    """
    if lang:
        told = lang.lower().replace("_", "-").partition("-")[0]
        if told != "und":
            return (told,) if told in LANGUAGES else ()
    words = words_of(text, "")
    guess = _identifier().guess(words) if words.letters else None
    if guess is None or guess.lang is None or guess.strength is Strength.WEAK:
        return LANGUAGES
    if guess.lang in LANGUAGES:
        return (guess.lang,)
    return () if guess.strength is Strength.SURE else LANGUAGES


@cache
def _identifier() -> Identifier:
    return best_identifier(LANGUAGES)


@lru_cache(maxsize=256)
def _topics(texts: tuple[str, ...]) -> set[str]:
    return topics_of(texts, load_checker().terms, LANGUAGES)


def _add_profile(findings: Findings, draft: Draft) -> None:
    profile = draft.profile
    findings.add(f"role:{draft.role}", Finding(words=draft.role.value))
    findings.add(f"industry:{profile.industry}", Finding(words=profile.industry.value))
    findings.add(f"audience:{profile.audience}", Finding(words=profile.audience.value))
    findings.add(f"tone:{profile.tone}", Finding(words=profile.tone.value))
    if draft.automated:
        findings.add("is:automated", Finding(words="automated"))
    if draft.in_reply_to is not None:
        findings.add("is:reply", Finding(words="a reply"))
    if profile.audience is DraftAudience.ADULTS and profile.tone is Tone.EDGY:
        findings.add("is:adult_edgy", Finding(words="adults"))


def _add_day(
    findings: Findings,
    text: PlainText,
    draft: Draft,
    days: Sequence[SensitiveDay],
    languages: Sequence[str],
    found: Sequence[Hit],
) -> None:
    """Add the sensitive day on which a draft goes out, and what in it clashes; on such a day idioms are heard, too."""
    if draft.at is None:
        return
    date = draft.at.date()
    for day in days:
        if (not day.languages or not day.languages.isdisjoint(languages)) and day.is_on(date):
            findings.add(f"day:{day.kind}", Finding(words=day.name))
            wounds = {day.concept, *day.clash}
            findings.add_hits(text.given, (hit for hit in found if hit.concept in wounds), "clash")
