"""An official list between upload and confirmation. In the database, so that any web worker finds it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cms.core.security.codes import new_public_id
from directory.districts.models import District
from directory.districts.positions import CoordinateSystem


class ListUpload(models.Model):
    """A file that staff have uploaded to look at before it is written.

    Kept for a day at most, a few a person (``services.list_uploads``); not in the session, not among the public files.
    """

    Coordinates = CoordinateSystem

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="list_uploads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    coordinates = models.CharField(max_length=10, choices=Coordinates.choices, default=Coordinates.WGS84)
    content = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "directory"
        indexes = [models.Index(fields=["expires_at"], name="list_upload_expiry")]
        constraints = [
            models.CheckConstraint(
                condition=Q(coordinates__in=CoordinateSystem.values), name="list_upload_coordinates_known"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="list_upload_expires_later"),
        ]

    def __str__(self) -> str:
        return self.file_name
