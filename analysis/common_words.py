"""How common the words of everyday speech are: what is assumed of a brand's mentions before any was read.

Under the background of topics, as its prior: a function word that every angry text holds is then no surprise, in the
first hour of a brand as in its second month. Lists are in rough order of frequency, which is all that is taken from
them. Forbids no word, knows no brand.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

UNHEARD_SHARE: Final = 0.005  # of texts that hold a word of no list; half a text in the hundred the pool stands for

_WORDS_A_TEXT: Final = 15
# Zipf-Mandelbrot: a word of rank r is 1 in (r + 2.7) / 0.12 words; fits "the" (3 %) and rank 100 (0.1 %) of English.
_SCALE: Final = 0.12
_OFFSET: Final = 2.7

_RANKED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": "the to a i you and is it of in that this for on my me your be so have are but not with what just was we"
        " they do if all no can like at don't it's or get how i'm as an up out now about he she will when one who from"
        " know why their has go his her them would our more us been by there had think see want time even because"
        " good people really right make need am did never still only here some should too than any these does got"
        " very say said going that's you're can't over back way then after day again ever stop new please come also"
        " every were being could into its which thing things much well off ok yes didn't doesn't isn't won't i've"
        " there's what's let someone anyone everyone nobody nothing something anything absolutely actually literally"
        " shame bad worst awful terrible disgusting disgusted ridiculous pathetic horrible wrong joke wow seriously",
        "de": "die der und ich ist das nicht es in zu du ein sie den so mit wir auf eine ja auch was da wie von für"
        " mir aber ihr dass man nur mich hat im noch schon mal dem bei wenn kein haben sind an aus kann wird keine"
        " euch er doch war mehr immer hier einfach nach habe als um sich einen oder am zum dann werden oben uns alle"
        " über jetzt machen warum heute wieder bitte sehr gut dir mein meine diese dieser vor weil will nichts unter"
        " ganz wer muss des einer einem leute geht gibt durch nie endlich sein ihre euer eure schlecht schlimm"
        " peinlich unfassbar schämt schande lächerlich widerlich ekelhaft",
        "es": "de que no a la el y en es un lo por me los se con una te para mi las qué si yo tu ya más pero como está"
        " del al eso le su todo esta o bien cuando porque muy este nos ha ser hay sin son ni solo así hoy nada os mis"
        " él ahora tiene también va ella hace vida quiero puede desde siempre hasta tengo sus gente nunca todos algo"
        " fue voy donde estoy mejor uno dos ese esa esto soy estar hacer mal peor quien cada vez otra otro vosotros"
        " han sois vergüenza asco horrible malo mala ridículo increíble",
        "fr": "de je la le est pas les que et un à c'est en des pour a tu il qui on une ça j'ai ce dans vous sur ne"
        " du mais me si se avec plus mon moi elle fait y au bien nous tout suis cette faire comme ou par même quand"
        " son être trop va ils sont d'un sa ma qu'il rien aussi là jamais toujours votre vos aux quoi encore été ont"
        " avez leur oui non très sans où dire deux peut merci faut car chez autre gens temps pourquoi après déjà"
        " vraiment nul honte honteux scandaleux dégueulasse ridicule pire mauvais",
        "it": "di che non e è la il un a per in mi si ho ma le una lo con i se ti da come del sono ci più io tu della"
        " al gli o anche ha cosa questo mia perché alla tutto quando mio solo sei nel bene ora oggi ne poi già fa"
        " questa dei su sempre chi me ai mai era delle quello niente fare te così voi vi nella loro anni molto hai dal"
        " tutti essere noi senza dopo stato prima fatto ancora qualcuno vostro vostra vostri avete siete qui quindi"
        " proprio vergogna vergognoso vergognatevi schifo pessimo ridicolo ridicoli peggio",
        "pt": "que de e o a não eu é um do da no me uma em se com pra na você mas os por mais as para isso meu ele ela"
        " ser só muito minha como quando vai já tem foi está quem tudo bem vou sem agora todo aqui hoje mesmo mim te"
        " sou ao nada vocês assim dia dos das até estou nunca porque são ainda também seu sua gente sempre nem ter"
        " bom fazer ou depois esse essa este esta nos à tão pelo pela era há qual quer pode sobre dela dele"
        " vergonha nojo horrível péssimo ridículo absurdo pior",
        "hu": "a az és hogy nem is egy ez azt csak de van meg már még ha ezt volt kell nagyon mint el vagy mi így én"
        " majd ki lesz te olyan ez ott itt ne minden mert nincs aki most le amit én sem jó lehet fel be ennek annyira"
        " mindig soha miért hát ők semmi ennyi után nekem magyar neki engem valami senki mit hol akkor úgy vannak"
        " tudom szerintem ti nektek ezek azok arra erre szégyen szégyelljétek gyalázat undorító borzalmas nevetséges",
        "fi": "ja on ei se että en mä nyt kun niin oli mutta jos mitä ihan vaan kyllä sitä mun sen ole vai ette tämä"
        " mikä olen tai hyvä joku kuin myös vielä sitten te et me he hän ne ovat mulla jo tää kaikki miksi aina"
        " täällä tosi taas siis mitään koska edes voi joka tätä teidän teille olette aika enää eikä meidän olla ois"
        " kuka hyi häpeä häpeäisitte hävetkää surkea naurettava törkeä",
    }
)


@cache
def common_shares() -> Mapping[str, float]:
    """Return the share of texts that hold a word, for common words of eight languages, 0..1.

    The share is the one in the language where the word is most common, as a text speaks one language at a time.
    Source: rank to frequency after Mandelbrot 1953 (a refinement of Zipf's law); the constants are our own.
    >>> common_shares()["the"] > common_shares()["again"] > UNHEARD_SHARE
    True
    """
    shares: dict[str, float] = {}
    for words in _RANKED.values():
        for rank, word in enumerate(words.split(), start=1):
            in_a_word = _SCALE / (rank + _OFFSET)
            share = 1 - (1 - in_a_word) ** _WORDS_A_TEXT
            shares[word] = max(share, shares.get(word, UNHEARD_SHARE))
    return MappingProxyType(shares)
