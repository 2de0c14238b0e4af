"""The index holds bitmaps: its old rows are derived data and are made anew by ``search_index``."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_institution_rectification")]

    operations = [
        migrations.DeleteModel(name="SearchEntry"),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="directory.institution",
                    ),
                ),
                ("slot", models.PositiveIntegerField(unique=True)),
                ("terms", models.TextField(help_text="all terms of the record, space separated")),
                ("document", models.JSONField(help_text="what a result shows")),
                ("name_key", models.CharField(help_text="order by sound", max_length=700)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("price_from", models.PositiveIntegerField(null=True)),
                ("indexed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchPosting",
            fields=[
                ("term", models.CharField(max_length=60, primary_key=True, serialize=False)),
                (
                    "part",
                    models.PositiveSmallIntegerField(choices=[(0, "word"), (1, "facet"), (2, "column")]),
                ),
                ("data", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("part__gt", 0)), fields=["part"], name="search_posting_frame")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("part__in", [0, 1, 2])), name="search_posting_part_known"
                    )
                ],
            },
        ),
    ]
