"""Uploaded lists: stored for a day, a few per person, written when confirmed exactly as they were shown."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePath

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cms.core.errors import InvalidInput
from directory.districts.models import District
from directory.lists.importing.problems import UnreadableFile
from directory.lists.models import ListUpload
from directory.lists.queries.list_uploads import read_list, read_upload
from directory.lists.services.import_list import Imported, import_list

KEEP = dt.timedelta(days=1)
KEPT_A_PERSON = 5


class UnusableList(InvalidInput):
    """The file can't be read as a list; the message says why and what to do."""

    code = "unreadable"


def store_upload(
    *,
    user: AbstractBaseUser,
    district: District,
    file_name: str,
    content: bytes,
    coordinates: str,
    now: dt.datetime,
) -> ListUpload:
    """Keep a file for its preview. Raises ``UnusableList`` for one that can't be read; older ones of the user go."""
    name = PurePath(file_name.replace("\\", "/")).name[-200:] or "list"
    try:
        read_list(content=content, file_name=name, district=district, coordinates=coordinates, now=now)
    except UnreadableFile as error:
        raise UnusableList(error.message, code=error.code, fields={"file": error.message}) from None
    with transaction.atomic():
        upload = ListUpload.objects.create(
            user_id=user.pk,
            district=district,
            file_name=name,
            content=content,
            coordinates=coordinates,
            created_at=now,
            expires_at=now + KEEP,
        )
        kept = ListUpload.objects.filter(user_id=user.pk).order_by("-created_at", "-pk")
        ListUpload.objects.filter(pk__in=list(kept.values_list("pk", flat=True)[KEPT_A_PERSON:])).delete()
    return upload


def confirm_upload(
    *, upload: ListUpload, digest: str, partial: bool, now: dt.datetime, actor: AbstractBaseUser
) -> Imported | None:
    """Write an upload as it was shown; None if it was written before. Raises ``PlanChanged`` if it is no longer so.

    With faulty rows and without ``partial`` nothing is written and the upload stays open.
    """
    if upload.applied_at is not None:
        return None
    # The file never changes, and reading it takes seconds that no writer should wait for.
    checked = read_upload(upload, now=now).checked
    with transaction.atomic():
        current = ListUpload.objects.select_for_update(no_key=True).get(pk=upload.pk)
        if current.applied_at is not None:
            return None
        imported = import_list(checked=checked, now=now, partial=partial, expected_digest=digest, actor=actor)
        if imported.written:
            current.applied_at = now
            current.created_count = imported.plan.counts["new"]
            current.updated_count = imported.plan.counts["changed"]
            current.save(update_fields=["applied_at", "created_count", "updated_count"])
    return imported
