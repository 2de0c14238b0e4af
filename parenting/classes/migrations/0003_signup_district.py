"""Room for the district of a sign-up; filled by the next ones."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parenting", "0002_session_taken_down"),
        ("directory", "0002_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="classsignup",
            name="district",
            field=models.ForeignKey(
                null=True, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.district"
            ),
        ),
    ]
