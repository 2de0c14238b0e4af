"""The database engine's own index, stored in both ways to run: records, and the bitmap of each term."""

from __future__ import annotations

from django.db import models

from directory.register.models.institution import Institution
from directory.search.enums import PostingPart


class SearchEntry(models.Model):
    """One record of the index. Only public institutions have one; ``slot`` is its place in every bitmap and column."""

    institution = models.OneToOneField(
        Institution, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    slot = models.PositiveIntegerField(unique=True)
    terms = models.TextField(help_text="all terms of the record, space separated")
    document = models.JSONField(help_text="what a result shows")
    name_key = models.CharField(max_length=700, help_text="order by sound")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    price_from = models.PositiveIntegerField(null=True)
    digest = models.PositiveBigIntegerField(default=0, help_text="differs where anything in the record does")
    indexed_at = models.DateTimeField()

    class Meta:
        app_label = "directory"

    def __str__(self) -> str:
        return f"{self.slot} {self.institution_id}"


class SearchPosting(models.Model):
    """What the index keeps under one term: which slots hold it, or a column of values by slot.

    Terms, facets and columns share the table, so that a question reads all it needs by one indexed query.
    """

    Part = PostingPart

    term = models.CharField(max_length=60, primary_key=True)
    part = models.PositiveSmallIntegerField(choices=Part.choices)
    data = models.BinaryField()

    class Meta:
        app_label = "directory"
        indexes = [
            models.Index(fields=["part"], name="search_posting_frame", condition=models.Q(part__gt=0)),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(part__in=PostingPart.values), name="search_posting_part_known"),
        ]

    def __str__(self) -> str:
        return self.term
