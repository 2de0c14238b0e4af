"""Room for the district of what grows, and for a ledger row's own moment; filled by the next ones."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0003_booking_day_status"),
        ("directory", "0002_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="district",
            field=models.ForeignKey(
                null=True, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.district"
            ),
        ),
        migrations.AddField(
            model_name="bookingevent",
            name="district",
            field=models.ForeignKey(
                null=True, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.district"
            ),
        ),
        migrations.AddField(
            model_name="capacitypool",
            name="district",
            field=models.ForeignKey(
                null=True, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.district"
            ),
        ),
        migrations.AddField(
            model_name="bookingcell",
            name="starts_at",
            field=models.DateTimeField(null=True),
        ),
    ]
