"""Every sign-up has its district from here on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parenting", "0005_fill_signups"),
        ("directory", "0002_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="classsignup",
            name="district",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.district"
            ),
        ),
    ]
