"""Which permissions of class sessions follow from an office's rights."""

from __future__ import annotations

from directory.districts.enums import OfficeRight
from directory.districts.ports import READS

OFFICE_PERMISSIONS = {
    READS: ("parenting.view_classsession",),
    OfficeRight.POSTS_CLASSES.value: tuple(
        f"parenting.{verb}_classsession" for verb in ("add", "change", "view", "publish")
    ),
}
