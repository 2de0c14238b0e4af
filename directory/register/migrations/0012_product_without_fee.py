"""What a product costs is said by its rows alone from here on."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0011_fill_fees"),
    ]

    operations = [
        migrations.RemoveField(model_name="careproduct", name="fee"),
        migrations.RemoveField(model_name="careproduct", name="monthly_fee"),
        migrations.RemoveField(model_name="careproduct", name="meal_fee"),
        migrations.RemoveField(model_name="careproduct", name="fee_from_date"),
        migrations.AlterModelOptions(name="careproduct", options={"verbose_name": "托育方式"}),
    ]
