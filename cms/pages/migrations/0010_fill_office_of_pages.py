"""Pages of a district get the office of who made them, where that person has one post there.

What can't be told stays with all offices of the district that write pages.
"""

from __future__ import annotations

from django.db import migrations


def fill_departments(apps, schema_editor):
    posts = apps.get_model("directory", "DistrictStaff").objects
    for name in ("NoticePage", "GuidePage", "PolicyPage"):
        pages = apps.get_model("pages", name).objects
        for page in pages.filter(department="", district__isnull=False, owner__isnull=False).order_by("pk"):
            own = posts.filter(user_id=page.owner_id, district_id=page.district_id)
            departments = set(own.values_list("department", flat=True))
            if len(departments) == 1:
                page.department = departments.pop()
                page.save(update_fields=["department"])


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_regular_set_aside"),
        ("pages", "0009_pages_of_offices"),
    ]

    operations = [migrations.RunPython(fill_departments, migrations.RunPython.noop)]
