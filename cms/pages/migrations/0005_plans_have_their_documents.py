"""The policy page of a district's plan is the page of the document that its rules cite."""

from __future__ import annotations

from django.db import migrations


def link_plans(apps, schema_editor):
    pages = apps.get_model("pages", "PolicyPage").objects
    for document in apps.get_model("districts", "PolicyDocument").objects.filter(is_plan=True).order_by("pk"):
        of_district = pages.filter(district_id=document.district_id)
        page = of_district.filter(slug=document.slug).first()
        if page is None and of_district.count() == 1:
            page = of_district.get()
        if page is not None:
            page.document = document
            page.save(update_fields=["document"])
            link_draft(apps, page, document)


def link_draft(apps, page, document):
    """What an editor opens next is the latest revision, which would take the link away again."""
    revision = apps.get_model("wagtailcore", "Revision").objects.filter(pk=page.latest_revision_id).first()
    if revision is not None:
        revision.content["document"] = document.pk
        revision.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0004_policy_documents"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(link_plans, migrations.RunPython.noop)]
