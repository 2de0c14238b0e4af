"""Notices and guides get the district of who wrote them, else that of all institutions they name.

What can't be told stays with the site: superusers and the site's editors can give it to a district.
"""

from __future__ import annotations

from django.db import migrations


def fill_districts(apps, schema_editor):
    notices, guides = (apps.get_model("pages", name).objects for name in ("NoticePage", "GuidePage"))
    named = apps.get_model("pages", "NoticeInstitution").objects
    for page in notices.filter(district=None).order_by("pk"):
        of_named = named.filter(page_id=page.pk).values_list("institution__district_id", flat=True)
        give(page, of_owner(apps, page) or only(of_named))
    for page in guides.filter(district=None).order_by("pk"):
        give(page, of_owner(apps, page))


def of_owner(apps, page):
    if page.owner_id is None:
        return None
    posts = apps.get_model("directory", "DistrictStaff").objects.filter(user_id=page.owner_id)
    return only(posts.values_list("district_id", flat=True))


def only(found):
    """The one value where all are the same."""
    values = set(found)
    return values.pop() if len(values) == 1 else None


def give(page, district_id):
    if district_id is not None:
        page.district_id = district_id
        page.save(update_fields=["district"])


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_regular_set_aside"),
        ("pages", "0007_pages_of_districts"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(fill_districts, migrations.RunPython.noop)]
