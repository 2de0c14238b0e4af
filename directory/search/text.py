"""How words become terms: one analysis in Python for both engines, at index time and at query time.

A term is a letter or a pair of neighbouring letters of any script behind a one-letter namespace: ``t:`` anywhere in
the record, ``n:`` in the name, ``p:`` in the pinyin, ``i:`` in the initials, ``d:`` a whole number (telephone, code).
A plan says which terms a record must hold to be found and which of them count for its rank. Engines only evaluate
plans, so they can't drift apart.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import opencc

from cms.core import text as core_text
from directory.districts.telephones import national

TEXT, NAME, PINYIN, INITIALS, NUMBER = "t:", "n:", "p:", "i:", "d:"
START = "^"
MAX_QUERY_CHARS = 100
MAX_SEGMENTS = 8
LONGEST_LATIN_TERM = 3
SHORTEST_PHONE = 7

# Words parents use for one thing; what they type and what an institution calls itself need not be the same one.
SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("托育", "托班", "托儿所"),
    ("全日托", "全日制", "全托"),
    ("半日托", "半日制"),
    ("计时托", "小时托", "钟点托"),
    ("临时托", "临托"),
)
# Words that nearly every name may or may not carry: they move a record up, but never out.
OPTIONAL_WORDS = ("中心", "机构", "服务")

#: A telephone number with what people write around it, and a unified credit code.
_PHONE = re.compile(r"(?:\+?86)?[\d\s()+.\-–—]{7,24}")
_AREA_CODE = re.compile(r"0(?:10|2\d|[3-9]\d{2})(?=\d{7,8}$)")
_CREDIT_CODE = re.compile(r"[0-9a-z]{18}")
_ADDRESS = re.compile(r"https?://[^\s\u3000-\uffff]*")
_LETTERS = re.compile(r"[^\W_]+")
_LATIN_OR_OTHER = re.compile(r"[a-z]+|[^a-z]+")
_GROUP_OF = {word: group for group in SYNONYMS for word in group}
_KNOWN_WORDS = re.compile("|".join(sorted([*_GROUP_OF, *OPTIONAL_WORDS], key=len, reverse=True)))
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Clause:
    """Holds where a record has every term of at least one alternative."""

    any_of: tuple[tuple[str, ...], ...]

    def terms(self) -> Iterable[str]:
        """Every term the clause mentions."""
        return (term for alternative in self.any_of for term in alternative)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the question; at least ``needed`` of its clauses must hold."""

    clauses: tuple[Clause, ...]
    needed: int


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """All segments must hold; the weights of the scored clauses that hold add up to the rank."""

    segments: tuple[Segment, ...]
    scored: tuple[tuple[Clause, int], ...]
    needles: tuple[str, ...]
    latin: tuple[str, ...]

    def terms(self) -> set[str]:
        """Every term of the plan."""
        clauses = [clause for segment in self.segments for clause in segment.clauses]
        return {term for clause in (*clauses, *(clause for clause, _ in self.scored)) for term in clause.terms()}


@functools.cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Half width, lower case, simplified characters, nothing unseen: 「澗西」 → 「涧西」, 「ＡＢＣ」 → 「abc」."""
    folded = core_text.folded(text).lower()
    return str(_to_simplified().convert(folded)) if _HAN.search(folded) else folded


def letters(folded: str) -> str:
    """The letters and digits alone: a dot or bracket inside a name separates nothing."""
    return "".join(_LETTERS.findall(folded))


def pairs(text: str) -> list[str]:
    """Pairs of neighbouring letters; a single letter by itself."""
    return [text[at : at + 2] for at in range(len(text) - 1)] or ([text] if text else [])


def index_terms(namespace: str, text: str) -> set[str]:
    """Terms of one field: every letter and every pair."""
    run = letters(fold(text))
    return {namespace + part for part in (*run, *pairs(run))}


def latin_terms(readings: Iterable[Sequence[str]]) -> set[str]:
    """Terms of a name's pinyin: any run of syllables by its letters, the last cut anywhere, or by its initials.

    A character of several readings counts with each of them; silent ones have none.
    """
    sounds = [each for each in readings if each]
    found: set[str] = set()
    for at in range(len(sounds)):
        # A term has three letters, so it ends in the second syllable after its own at the latest.
        for run in product(*sounds[at : at + LONGEST_LATIN_TERM]):
            found.update(_terms_of_run(run))
    return found


def _terms_of_run(run: Sequence[str]) -> Iterable[str]:
    """Terms that begin in the first syllable of the run."""
    whole, initials = "".join(run), "".join(sound[0] for sound in run)
    sizes = range(1, LONGEST_LATIN_TERM + 1)
    yield from (PINYIN + START + whole[:size] for size in sizes)
    yield from (INITIALS + initials[:size] for size in sizes)
    starts = (whole[at : at + LONGEST_LATIN_TERM] for at in range(len(run[0])))
    yield from (PINYIN + gram for gram in starts if len(gram) == LONGEST_LATIN_TERM)


def phone_terms(phone: str) -> set[str]:
    """A telephone number with its area code, as after +86, and without; none for what is too short to be one."""
    digits = _digits(phone)
    forms = (digits, digits.removeprefix("0"), _AREA_CODE.sub("", digits))
    return {NUMBER + form for form in forms if len(form) >= SHORTEST_PHONE}


def number_asked(q: str) -> str:
    """The term of a telephone number or credit code if that is all the question holds, else ""."""
    text = fold(q).strip()
    if _CREDIT_CODE.fullmatch(text.replace(" ", "")):
        return NUMBER + text.replace(" ", "")
    digits = _digits(text)
    return NUMBER + digits if _PHONE.fullmatch(text) and len(digits) >= SHORTEST_PHONE else ""


def _digits(phone: str) -> str:
    return "".join(character for character in national(phone) if character.isdigit())


@functools.lru_cache(maxsize=512)
def plan_query(q: str) -> QueryPlan:
    """The plan of a question. Everything that is no letter separates words; without letters nothing is asked."""
    segments: list[Segment] = []
    scored: dict[Clause, int] = {}
    needles: list[str] = []
    latin: list[str] = []
    if number := number_asked(q):
        return QueryPlan((Segment((Clause(((number,), _all_of(TEXT, number.removeprefix(NUMBER)))),), 1),), (), (), ())
    for word in words_of(q):
        for run in _LATIN_OR_OTHER.findall(word):
            if run[0].isascii() and run[0].isalpha():
                latin.append(run)
                segments.append(_latin_segment(run))
                scored |= _latin_scores(run)
            else:
                segments += _letter_segments(run)
                scored |= _letter_scores(run)
                needles += _needles(run)
    return QueryPlan(tuple(segments[:MAX_SEGMENTS]), tuple(scored.items()), tuple(needles), tuple(latin))


def words_of(q: str) -> list[str]:
    """The words of a question; a shared link's address is none."""
    return _LETTERS.findall(_ADDRESS.sub(" ", fold(q[: MAX_QUERY_CHARS * 2])[:MAX_QUERY_CHARS]))


def telling(word: str) -> list[str]:
    """What tells a name from others: the pieces of a word without those that nearly every name has."""
    return [piece for piece in _pieces(word) if piece not in _GROUP_OF and piece not in OPTIONAL_WORDS]


def _all_of(namespace: str, text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(namespace + part for part in pairs(text)))


def _pinyin_terms(run: str) -> tuple[str, ...]:
    rest = (run[at : at + LONGEST_LATIN_TERM] for at in range(1, len(run) - LONGEST_LATIN_TERM + 1))
    terms = [PINYIN + START + run[:LONGEST_LATIN_TERM], *(PINYIN + gram for gram in rest)]
    return tuple(dict.fromkeys(terms))


def _initial_terms(run: str) -> tuple[str, ...]:
    size = min(len(run), LONGEST_LATIN_TERM)
    return tuple(dict.fromkeys(INITIALS + run[at : at + size] for at in range(len(run) - size + 1)))


def _latin_segment(run: str) -> Segment:
    """Latin letters are a name's own, its pinyin or its initials."""
    return Segment((Clause((_all_of(TEXT, run), _pinyin_terms(run), _initial_terms(run))),), 1)


def _latin_scores(run: str) -> dict[Clause, int]:
    return {
        Clause((_all_of(NAME, run),)): 4,
        Clause((_pinyin_terms(run),)): 2,
        Clause((_initial_terms(run),)): 1,
    }


def _letter_segments(run: str) -> list[Segment]:
    """A known word asks for itself or a synonym; text between known words asks for most of its pairs."""
    required: list[Segment] = []
    optional: list[Segment] = []
    for piece in _pieces(run):
        if group := _GROUP_OF.get(piece):
            required.append(Segment((Clause(tuple(_all_of(TEXT, word) for word in group)),), 1))
            continue
        clauses = tuple(Clause(((term,),)) for term in _all_of(TEXT, piece))
        segment = Segment(clauses, len(clauses) if len(clauses) <= 2 else len(clauses) * 3 // 4)
        (optional if len(piece) == 1 or piece in OPTIONAL_WORDS else required).append(segment)
    return required or optional


def _pieces(run: str) -> list[str]:
    found: list[str] = []
    at = 0
    for match in _KNOWN_WORDS.finditer(run):
        found += [run[at : match.start()], match.group()]
        at = match.end()
    return [piece for piece in (*found, run[at:]) if piece]


def _letter_scores(run: str) -> dict[Clause, int]:
    scores = {Clause(((TEXT + part,),)): 1 for part in pairs(run)}
    return scores | {Clause(((NAME + part,),)): 3 for part in pairs(run)}


def _needles(run: str) -> list[str]:
    synonyms = [word for piece in _pieces(run) for word in _GROUP_OF.get(piece, ())]
    return [*pairs(run), *synonyms]
