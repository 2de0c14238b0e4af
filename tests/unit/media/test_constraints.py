"""What the database itself refuses of pictures."""

from __future__ import annotations

from typing import Any

import pytest

from cms.media.models import CustomImage, CustomRendition
from tests.constraints import refuses


@pytest.mark.django_db
def test_picture_has_one_rendition_a_size_and_focal_point() -> None:
    image = CustomImage(title="示例", width=20, height=10)
    CustomImage.objects.bulk_create([image])
    size: dict[str, Any] = {"image": image, "filter_spec": "width-10", "width": 10, "height": 5}

    def render(focal_point_key: str) -> None:
        CustomRendition.objects.bulk_create([CustomRendition(**size, focal_point_key=focal_point_key)])

    render("")
    render("5-5-2x2")

    refuses("rendition_once_per_spec", lambda: render(""))
