"""What a question that found nothing may have meant: names inside pasted text, and names that look or sound alike.

The plan asks for any likeness and ranks by how much of it there is; what is shown of that is cut by the caller.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from itertools import product

from directory.search.engine import SearchQuery
from directory.search.readings import readings_of
from directory.search.text import (
    INITIALS,
    LONGEST_LATIN_TERM,
    NAME,
    PINYIN,
    START,
    TEXT,
    Clause,
    QueryPlan,
    Segment,
    fold,
    letters,
    pairs,
    plan_query,
    telling,
    words_of,
)

#: Weights of a likeness: the same two signs in the name, two that sound the same, the same in the address, one sign.
SAME, SOUNDS, NEARBY, LETTER = 6, 4, 2, 1
#: Of a short word one sign that is right says something; of a longer one it says nothing.
SHORT_WORD = 2
#: Of the letters of a typed sound, three runs in five must be right.
RIGHT, OF = 3, 5
SHORTEST_SOUND = 4
MOST_CLAUSES = 60


def plan_of(query: SearchQuery) -> QueryPlan:
    """The plan of a question: all that was said, or what is like it."""
    return plan_nearest(query.q) if query.nearest else plan_query(query.q)


@functools.lru_cache(maxsize=256)
def plan_nearest(q: str) -> QueryPlan:
    """Any likeness will do. Without characters the longest word in Latin letters is taken for a sound."""
    asked = words_of(q)
    latin = [word for word in asked if word.isascii() and word.isalpha()]
    pieces = [piece for word in asked if word not in latin for piece in telling(word)]
    words = [piece for piece in pieces if len(piece) > 1] or pieces
    scored: dict[Clause, int] = {}
    for word in words:
        for clause, weight in _likenesses(word):
            scored.setdefault(clause, weight)
    clauses = list(scored)[:MOST_CLAUSES]
    if clauses:
        return QueryPlan((Segment(tuple(clauses), 1),), tuple((clause, scored[clause]) for clause in clauses), (), ())
    return _plan_sound(max(latin, key=len, default=""))


def _likenesses(word: str) -> Iterable[tuple[Clause, int]]:
    for pair in pairs(word) if len(word) > 1 else []:
        yield Clause(((NAME + pair,),)), SAME
        if sounding := _alike(pair):
            yield Clause(sounding), SOUNDS
        yield Clause(((TEXT + pair,),)), NEARBY
    if len(word) <= SHORT_WORD:
        yield from ((Clause(((NAME + letter,),)), LETTER) for letter in word)


def _alike(pair: str) -> tuple[tuple[str, ...], ...]:
    """Terms of names in which two signs sound like these; none where a sign has no sound."""
    return tuple(_terms_of("".join(sounds)) for sounds in product(*map(readings_of, pair)))


def _terms_of(sound: str) -> tuple[str, ...]:
    grams = (sound[at : at + LONGEST_LATIN_TERM] for at in range(1, len(sound) - LONGEST_LATIN_TERM + 1))
    return (PINYIN + START + sound[:LONGEST_LATIN_TERM], *(PINYIN + gram for gram in grams))


def _plan_sound(latin: str) -> QueryPlan:
    if len(latin) < SHORTEST_SOUND:
        return QueryPlan((Segment((Clause(((INITIALS + START,),)),), 1),), (), (), ())  # a term of no record
    clauses = tuple(Clause(((term,),)) for term in dict.fromkeys(_terms_of(latin)))
    needed = -(-len(clauses) * RIGHT // OF)
    return QueryPlan((Segment(clauses, needed),), tuple((clause, 1) for clause in clauses), (), ())


def holds_name(q: str, name: str) -> bool:
    """Whether the question holds all that tells a name from others, as a pasted name with its address does."""
    asked = {pair for word in words_of(q) for pair in pairs(word)} | set(pairs(letters(fold(q))))
    wanted = [pair for piece in telling(letters(fold(name))) for pair in pairs(piece) if len(piece) > 1]
    return bool(wanted) and asked.issuperset(wanted)
