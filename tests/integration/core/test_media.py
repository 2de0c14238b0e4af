"""Which uploaded files are served as they are: pictures. Documents go through the view that asks who may read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction

from cms.media.models import CustomDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored() -> Iterator[list[Path]]:
    """Files that the test has put into the folder of uploads; they go afterwards."""
    files: list[Path] = []
    yield files
    for file in files:
        file.unlink()


@pytest.mark.parametrize(
    ("folder", "status"),
    [("images", 200), ("original_images", 200), ("documents", 404), ("images_private", 404), ("", 404)],
)
def test_only_the_folders_of_pictures_are_served(stored: list[Path], folder: str, status: int) -> None:
    file = settings.MEDIA_ROOT / folder / "served-as-it-is.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    stored.append(file)

    answer = Client().get(f"/media/{folder}/{file.name}".replace("//", "/"))
    answer.close()

    assert answer.status_code == status


def test_private_document_is_given_to_nobody_who_isnt_signed_in(stored: list[Path]) -> None:
    private = Collection.get_first_root_node().add_child(name="内部")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    document = CustomDocument(title="名单", collection=private)
    document.file.save("private-list.txt", ContentFile(b"x"), save=True)
    stored.append(Path(document.file.path))

    assert Client().get(document.file.url).status_code == 404
    answer = Client().get(document.url)
    assert (answer.status_code, answer.headers["Location"].startswith("/media/")) == (302, False)
