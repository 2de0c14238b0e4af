"""What can be said where words found nothing: likely names, and where they would be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from directory.search.engine import Hit, SearchQuery
from directory.search.forgiving import nearest, search
from directory.search.nearest import holds_name
from directory.search.text import fold, letters
from directory.site.queries.listing import ListQuestion
from directory.site.queries.refusals import published_refusals

#: Fewer signs of a name than these belong to too many names.
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Miss:
    """``has_list``: the district has public institutions at all. ``nearest`` are its names that are like the words.

    ``unfiltered``: how many the words find there without the other filters; ``elsewhere``: slugs of other districts in
    which they find something. ``refused``: names on the district's published refusals that the words mean.
    """

    has_list: bool = True
    nearest: Sequence[Hit] = ()
    unfiltered: int = 0
    elsewhere: Sequence[str] = field(default=())
    refused: Sequence[str] = ()

    @property
    def is_listed(self) -> bool:
        """Whether the words are those of a listed institution, in another district or behind the other filters."""
        return bool(self.unfiltered or self.elsewhere)


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
        refused=_refused(question.q, own),
    )


def _refused(q: str, district_slug: str) -> list[str]:
    """Refused institutions whose name holds the words or is held by them, as a pasted name with its address does."""
    asked = letters(fold(q))
    rows = published_refusals(district_slug=district_slug).values_list("institution_name", flat=True)
    return [
        name
        for name in dict.fromkeys(rows)
        if (len(asked) >= SHORTEST_NAME and asked in letters(fold(name))) or holds_name(q, name)
    ]
