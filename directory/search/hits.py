"""Hits as both engines give them: distance, and what the question hit as safe HTML with ``<mark>``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from directory.districts.positions import distance_km
from directory.search.engine import Hit, SearchQuery
from directory.search.text import QueryPlan, fold

FIELDS = ("name", "street_name", "address")


def make_hit(pk: int, document: Mapping[str, Any], query: SearchQuery, plan: QueryPlan) -> Hit:
    """A hit with its distance to three decimals and what the question hit in it."""
    kilometres = None
    if query.near is not None and document["latitude"] is not None:
        kilometres = round(distance_km(query.near, document["latitude"], document["longitude"]), 3)
    return Hit(pk, document, kilometres, highlights(document, plan) if plan.segments else {})


def highlights(document: Mapping[str, Any], plan: QueryPlan) -> dict[str, SafeString]:
    """Field → its text with the hits marked; only fields that were hit."""
    found = {}
    for field in FIELDS:
        text = document[field]
        marked = _hit_places(text, plan)
        if field == "name":
            marked |= _sounding_places(document["sounds"], plan)
        if marked:
            found[field] = _mark(text, marked)
    return found


def _hit_places(text: str, plan: QueryPlan) -> set[int]:
    folded = fold(text)
    if len(folded) != len(text):
        return set()
    places: set[int] = set()
    for needle in (*plan.needles, *plan.latin):
        at = folded.find(needle)
        while at >= 0:
            places.update(range(at, at + len(needle)))
            at = folded.find(needle, at + 1)
    return places


def _sounding_places(sounds: Sequence[str], plan: QueryPlan) -> set[int]:
    """Characters whose run of sounds begins with the Latin letters asked for, or whose initials are them."""
    heard = [(place, sound.split()) for place, sound in enumerate(sounds) if sound]
    found: set[int] = set()
    for latin in plan.latin:
        for start in range(len(heard)):
            found |= _initials_hit(heard[start:], latin) or _sounds_hit(heard[start:], latin)
    return found


def _initials_hit(heard: Sequence[tuple[int, list[str]]], latin: str) -> set[int]:
    run = heard[: len(latin)]
    initials = [{sound[0] for sound in sounds} for _, sounds in run]
    hit = len(run) == len(latin) and all(letter in each for letter, each in zip(latin, initials, strict=True))
    return {place for place, _ in run} if hit else set()


def _sounds_hit(heard: Sequence[tuple[int, list[str]]], latin: str) -> set[int]:
    """By any reading of each character; of two that fit, one by which the rest fits too."""
    if not heard:
        return set()
    place, sounds = heard[0]
    for sound in sounds:
        if sound.startswith(latin):
            return {place}
        if latin.startswith(sound) and (rest := _sounds_hit(heard[1:], latin[len(sound) :])):
            return {place, *rest}
    return set()


def _mark(text: str, marked: set[int]) -> SafeString:
    pieces: list[tuple[str]] = []
    for inside, places in groupby(range(len(text)), marked.__contains__):
        piece = "".join(text[place] for place in places)
        pieces.append((format_html("<mark>{}</mark>", piece) if inside else piece,))
    return format_html_join("", "{}", pieces)
