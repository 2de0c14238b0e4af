"""Fees are rows with the day from which they hold; filled by the next one. Each fact has its own confirmation time."""

import django.db.models.deletion
from django.db import migrations, models

KINDS = [("infant", "乳儿班"), ("toddler", "托小班"), ("senior_toddler", "托大班"), ("mixed", "混合编班")]


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_regular_set_aside"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductFee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("class_kind", models.CharField(blank=True, choices=KINDS, max_length=20, verbose_name="班型")),
                ("from_date", models.DateField(verbose_name="从哪天起")),
                ("fee", models.PositiveIntegerField(help_text="每天、每半天、每档或每次", verbose_name="收费（分）")),
                ("monthly_fee", models.PositiveIntegerField(blank=True, null=True, verbose_name="月费（分）")),
                ("meal_fee", models.PositiveIntegerField(blank=True, null=True, verbose_name="餐费（分/天）")),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fees", to="directory.careproduct"
                    ),
                ),
            ],
            options={
                "verbose_name": "收费",
                "indexes": [models.Index(fields=["from_date"], name="product_fee_begins")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product", "class_kind", "from_date"), name="product_fee_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("class_kind__in", ["", "infant", "toddler", "senior_toddler", "mixed"])),
                        name="product_fee_class_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="careproduct",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="classgroup",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
