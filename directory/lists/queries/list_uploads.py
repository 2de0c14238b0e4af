"""Uploaded lists as staff see them: their own district's, and what each says when read again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from cms.core.calendar.times import local_date
from directory.districts.models import District
from directory.districts.queries.people import districts_of
from directory.lists.importing.checking import CheckedList, check_list
from directory.lists.importing.entries import ListContext
from directory.lists.importing.files import read_file
from directory.lists.importing.sheets import Book
from directory.lists.models import ListUpload
from directory.lists.queries.registers import known_districts


@dataclass(frozen=True, slots=True)
class ReadList:
    """The file as it was read and what was found in it."""

    book: Book
    checked: CheckedList


def uploads_of(user: AbstractBaseUser | AnonymousUser, *, now: dt.datetime) -> QuerySet[ListUpload]:
    """Uploads of the districts the user works for that have not run out, the newest first; without their content."""
    return (
        ListUpload.objects.filter(district__in=districts_of(user), expires_at__gt=now)
        .select_related("district")
        .defer("content")
        .order_by("-created_at", "-pk")
    )


def read_list(*, content: bytes, file_name: str, district: District, coordinates: str, now: dt.datetime) -> ReadList:
    """Read a list of one district. Raises ``UnreadableFile``."""
    (known,) = known_districts([district])
    book = read_file(content, file_name)
    checked = check_list(
        book,
        context=ListContext(districts=(known,), today=local_date(now), chosen=known, coordinates=coordinates),
        file_name=file_name,
    )
    return ReadList(book, checked)


def read_upload(upload: ListUpload, *, now: dt.datetime) -> ReadList:
    """Read a stored upload again, held against the day and the townships of now. Raises ``UnreadableFile``."""
    return read_list(
        content=bytes(upload.content),
        file_name=upload.file_name,
        district=upload.district,
        coordinates=upload.coordinates,
        now=now,
    )
