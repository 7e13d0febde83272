"""The watch on one own post, from the minute it appears: is this thread a pile-on?

Two bets run side by side, each against the brand's own earlier posts: that more voices AGAINST arrive than usual, and
that the thread's composition (voices against; replies and quotes per like, at the same age) is not the usual one. The
smaller of the two counts: a hit wins the first bet and loses the second. Each bet is a product of likelihood ratios
(an e-process), so its size is a promise: an ordinary post reaches E with a chance of about 1/E. Pure; never sees a text
or a clock.
Source: after Shin, Ramdas, Rinaldo 2022, e-detectors (arXiv 2203.03532); factors, fusion and restart are our own.
"""

import math
from dataclasses import dataclass, field

from analysis.post_prior import AGE_BANDS, WATCHED_MINUTES, PostPrior, age_band, reply_curve

_RATE_FACTORS = (3.0, 8.0, 25.0, 80.0)  # how many times the usual mass against a pile-on may bring
_ODDS_FACTORS = (1.8, 3.5, 8.0)  # how many times the usual odds of a voice being against
_RATIO_FACTORS = (1.0, 2.5, 6.0)  # how many times the usual replies and quotes per like; 1.0: no bet
_MOST_AT_ONCE = 5.0  # voices in one bet: a backlog that comes in one batch speaks as it would have one by one
# How many yes-or-no answers one voice's hostility is worth: the variance of such an answer, p (1 - p), over that of
# hostility within a thread. Measured: 4.5 in 173 ordinary threads (SemEval-2017 task 8), 5.1 under one brand's advert.
# A third is taken off, because people who answer each other sound alike: with 4.5 one simulated hit in ten pages.
_VOICE_WORTH = 3.0
_NEVER = -50.0  # logarithm of a bet nobody has made yet
_RESTART = -5.0  # a new bet is opened at each step with this logarithm: the turn may come late


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEvidence:
    """Natural logarithms of the two bets, and the smaller of both."""

    volume: float
    composition: float

    @property
    def pile_on(self) -> float:
        """Logarithm of the evidence for abnormal volume and abnormal composition."""
        return min(self.volume, self.composition)


@dataclass(slots=True, kw_only=True)
class PostWatch:
    """Sequential evidence on one own post. by_age: what each band of its age brought, see FinishedPost.

    >>> from analysis.post_prior import learn_prior
    >>> watch = PostWatch(prior=learn_prior([], against_share=0.25))
    >>> for age in (5, 10, 15, 20):
    ...     watch.step(age_minutes=age, voices=9, against=7.5, new_likes=1)
    >>> watch.evidence.pile_on > 5
    True
    """

    prior: PostPrior
    by_age: list[tuple[float, float]] = field(default_factory=lambda: [(0.0, 0.0)] * AGE_BANDS)
    _age_minutes: float = 0.0
    _voices_unmatched: float = 0.0  # heard or counted as quotes since somebody last looked at the likes
    _shape: float = field(init=False)
    _rate: float = field(init=False)
    _against: tuple[float, float] = field(init=False)
    _ratio: tuple[float, float] = field(init=False)
    _volume: dict[float, float] = field(default_factory=lambda: dict.fromkeys(_RATE_FACTORS, _NEVER))
    _mix: dict[tuple[float, float], float] = field(
        default_factory=lambda: {(odds, ratio): _NEVER for odds in _ODDS_FACTORS for ratio in _RATIO_FACTORS}
    )

    def __post_init__(self) -> None:
        self._believe_prior()

    def start_over(self) -> None:
        """Forget all bets and all that the thread taught; the post keeps its age."""
        self._volume = dict.fromkeys(self._volume, _NEVER)
        self._mix = dict.fromkeys(self._mix, _NEVER)
        self._voices_unmatched = 0.0
        self._believe_prior()

    def _believe_prior(self) -> None:
        self._shape = self.prior.size
        self._rate = self.prior.size / self.prior.mean_replies
        self._against = self.prior.against
        self._ratio = self.prior.ratio

    @property
    def evidence(self) -> PostEvidence:
        """What the bets are worth now."""
        return PostEvidence(volume=_mean_of(self._volume), composition=_mean_of(self._mix))

    def expected_voices(self, from_minutes: float, to_minutes: float) -> float:
        """Return how many voices such a post usually draws between two ages."""
        return self.prior.mean_replies * (reply_curve(to_minutes) - reply_curve(from_minutes))

    def step(
        self, *, age_minutes: float, voices: float, against: float, new_likes: float | None, new_quotes: float = 0.0
    ) -> None:
        """Take in what arrived since the last step.

        Args: age_minutes: age of the post now. voices, against: new in the thread, against <= voices up to rounding.
            new_likes: likes gained since somebody last looked at them, None where nobody looked. new_quotes: quotes
            gained meanwhile that were only counted: what they say is unknown, so they count as voices per like alone.
        """
        self._voices_unmatched += new_quotes
        parts = max(1, math.ceil(voices / _MOST_AT_ONCE))
        begun, gone = self._age_minutes, max(0.0, age_minutes - self._age_minutes)
        for part in range(1, parts):
            self._take_in(begun + gone * part / parts, voices / parts, against / parts, None)
        self._take_in(age_minutes, voices / parts, against / parts, new_likes)

    def _take_in(self, age_minutes: float, voices: float, against: float, new_likes: float | None) -> None:
        share = max(0.0, reply_curve(min(age_minutes, WATCHED_MINUTES)) - reply_curve(self._age_minutes))
        self._age_minutes = max(self._age_minutes, age_minutes)
        against = min(against, voices)
        self._voices_unmatched += voices
        self._bet_on_volume(share, against)
        if voices > 0:
            self._bet_on_share(voices, against)
        band = age_band(self._age_minutes)
        if new_likes is not None and self._voices_unmatched + new_likes > 0:
            self._bet_on_ratio(self._voices_unmatched, new_likes, self.prior.age_factors[band])
            replies, likes = self.by_age[band]
            self.by_age[band] = (replies + self._voices_unmatched, likes + new_likes)
        self._learn(share, voices, against, new_likes, self.prior.age_factors[band])

    def _bet_on_volume(self, share: float, against: float) -> None:
        usual = self._against[0] / sum(self._against)
        mass = max(share * usual, 1e-9)
        opened = math.log(share + 1e-4)
        for factor in _RATE_FACTORS:
            gain = _log_negative_binomial(against, mass * factor, self._shape, self._rate)
            gain -= _log_negative_binomial(against, mass, self._shape, self._rate)
            self._volume[factor] = _log_add(self._volume[factor], opened) + gain

    def _bet_on_share(self, voices: float, against: float) -> None:
        part, whole = _VOICE_WORTH * against, _VOICE_WORTH * voices
        gains = {odds: _log_ratio_of_shares(part, whole, self._against, odds) for odds in _ODDS_FACTORS}
        for odds, ratio in self._mix:
            self._mix[odds, ratio] = _log_add(self._mix[odds, ratio], _RESTART) + gains[odds]

    def _bet_on_ratio(self, voices: float, new_likes: float, age_factor: float) -> None:
        """Bet at every look, also one that found likes and no voices: leaving those out would favour a pile-on."""
        usual = _with_odds(self._ratio, age_factor)
        for ratio in _RATIO_FACTORS:
            if ratio > 1.0:
                gain = _log_ratio_of_shares(voices, voices + new_likes, usual, ratio)
                for odds in _ODDS_FACTORS:
                    self._mix[odds, ratio] += gain

    def _learn(self, share: float, voices: float, against: float, new_likes: float | None, age_factor: float) -> None:
        """Let the post's own ordinary part move the prior, cut so that a storm cannot excuse itself."""
        usual = self._shape / self._rate * share
        self._shape += min(voices, 3.0 + 3.0 * usual)
        self._rate += share
        weight = 0.5 * min(1.0, (1.0 + 2.0 * usual) / max(voices, 1.0))
        worth = weight * _VOICE_WORTH
        self._against = (self._against[0] + worth * against, self._against[1] + worth * (voices - against))
        if new_likes is not None:
            tilt = math.sqrt(age_factor)  # what this age brings more of says as much less about the post
            self._ratio = (
                self._ratio[0] + weight * self._voices_unmatched / tilt,
                self._ratio[1] + weight * max(new_likes, 0.0) * tilt,
            )
            self._voices_unmatched = 0.0


def _log_negative_binomial(count: float, exposure: float, shape: float, rate: float) -> float:
    """Log predictive probability of a count under a gamma(shape, rate) intensity; counts may be fractional masses."""
    return (
        math.lgamma(shape + count)
        - math.lgamma(shape)
        + shape * math.log(rate / (rate + exposure))
        + count * math.log(exposure / (rate + exposure))
    )


def _log_ratio_of_shares(part: float, whole: float, prior: tuple[float, float], odds: float) -> float:
    """Log likelihood ratio of `part` of `whole` between a beta-binomial with its odds raised and the prior itself."""
    return _log_beta_binomial(part, whole, *_with_odds(prior, odds)) - _log_beta_binomial(part, whole, *prior)


def _with_odds(prior: tuple[float, float], factor: float) -> tuple[float, float]:
    """Return a beta prior that is worth as much, with so many times the odds."""
    usual, worth = prior[0] / (prior[0] + prior[1]), prior[0] + prior[1]
    raised = usual * factor / (1.0 - usual + usual * factor)
    return raised * worth, (1.0 - raised) * worth


def _log_beta_binomial(part: float, whole: float, a: float, b: float) -> float:
    return _log_beta(part + a, whole - part + b) - _log_beta(a, b)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _log_add(a: float, b: float) -> float:
    high, low = (a, b) if a >= b else (b, a)
    return high + math.log1p(math.exp(low - high))


def _mean_of(bets: dict[float, float] | dict[tuple[float, float], float]) -> float:
    values = list(bets.values())
    high = max(values)
    return high + math.log(sum(math.exp(value - high) for value in values) / len(values))
