"""What can be said where words found nothing: likely names, and where they would be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from directory.search.engine import Hit, SearchQuery
from directory.search.forgiving import nearest, search
from directory.site.queries.listing import ListQuestion


@dataclass(frozen=True, slots=True)
class Miss:
    """``has_list``: the district has public institutions at all. ``nearest`` are its names that are like the words.

    ``unfiltered``: how many the words find there without the other filters; ``elsewhere``: slugs of other districts in
    which they find something.
    """

    has_list: bool = True
    nearest: Sequence[Hit] = ()
    unfiltered: int = 0
    elsewhere: Sequence[str] = field(default=())


def look_closer(question: ListQuestion) -> Miss:
    """A fixed number of searches, made only where the words found nothing."""
    own = question.district.slug if question.district else ""
    here = SearchQuery(q=question.q, district=own)
    everywhere = search(SearchQuery(q=question.q))
    others = dict.fromkeys(str(hit.document["district"]) for hit in everywhere.hits)
    return Miss(
        has_list=search(SearchQuery(district=own, page_size=1)).count > 0,
        nearest=nearest(here),
        unfiltered=search(here).count,
        elsewhere=[slug for slug in others if slug != own],
    )
