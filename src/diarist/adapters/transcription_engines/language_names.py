"""The English names of the languages that Whisper knows, as OpenAI's API answers them."""

from __future__ import annotations

from collections.abc import Iterable

from diarist.adapters.transcription_engines.whisper_codes import known_as, told

_NAMES = """
af afrikaans, am amharic, ar arabic, as assamese, az azerbaijani, ba bashkir, be belarusian, bg bulgarian, bn bengali, bo tibetan,
br breton, bs bosnian, ca catalan, cs czech, cy welsh, da danish, de german, el greek, en english, es spanish, et estonian,
eu basque, fa persian, fi finnish, fo faroese, fr french, gl galician, gu gujarati, ha hausa, haw hawaiian, he hebrew, hi hindi,
hr croatian, ht haitian creole, hu hungarian, hy armenian, id indonesian, is icelandic, it italian, ja japanese, jv javanese,
ka georgian, kk kazakh, km khmer, kn kannada, ko korean, la latin, lb luxembourgish, ln lingala, lo lao, lt lithuanian,
lv latvian, mg malagasy, mi maori, mk macedonian, ml malayalam, mn mongolian, mr marathi, ms malay, mt maltese, my myanmar,
ne nepali, nl dutch, nn nynorsk, no norwegian, oc occitan, pa punjabi, pl polish, ps pashto, pt portuguese, ro romanian,
ru russian, sa sanskrit, sd sindhi, si sinhala, sk slovak, sl slovenian, sn shona, so somali, sq albanian, sr serbian,
su sundanese, sv swedish, sw swahili, ta tamil, te telugu, tg tajik, th thai, tk turkmen, tl tagalog, tr turkish, tt tatar,
uk ukrainian, ur urdu, uz uzbek, vi vietnamese, yi yiddish, yo yoruba, yue cantonese, zh chinese
"""
_CODES = {name: code for code, name in (entry.split(maxsplit=1) for entry in _NAMES.split(","))}


LANGUAGES = frozenset(_CODES.values())


def language_code(answered: str | None, wanted: Iterable[str] = ()) -> str | None:
    """The ISO 639-1 code of an answer such as `english`, `en` or `en-US`; None for what names no language.

    Of several that it may stand for, the one that was asked for.
    """
    name = (answered or "").strip().lower()
    code = known_as(_CODES.get(name) or name.replace("_", "-").partition("-")[0], LANGUAGES)
    return code and told(code, wanted, LANGUAGES)
