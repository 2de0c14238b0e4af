"""The database engine's own index: one row an institution, kept in both ways to run."""

from __future__ import annotations

from django.db import models

from directory.models.institution import Institution


class SearchEntry(models.Model):
    """What the database engine searches and shows without joining: bigrams, pinyin, initials, facets, position.

    Only public institutions have a row.
    """

    institution = models.OneToOneField(
        Institution, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    district_slug = models.CharField(max_length=20)
    township_code = models.CharField(max_length=9, blank=True)
    tokens = models.TextField(help_text="bigrams of all searched words, space separated")
    latin = models.TextField(help_text="pinyin and initials of name, township and district")
    document = models.JSONField(help_text="what a result shows, and the facets")
    inclusive = models.BooleanField(default=False)
    demonstration = models.BooleanField(default=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    places = models.PositiveIntegerField(default=0)
    price_from = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=80)
    indexed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["district_slug", "name"], name="search_entry_district"),
            models.Index(fields=["latitude", "longitude"], name="search_entry_position"),
        ]

    def __str__(self) -> str:
        return self.name
