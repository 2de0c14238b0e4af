"""Every row has its district and its moment from here on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0006_fill_bookings"),
        ("directory", "0002_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="booking",
            name="district",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.district"
            ),
        ),
        migrations.AlterField(
            model_name="bookingevent",
            name="district",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.district"
            ),
        ),
        migrations.AlterField(
            model_name="capacitypool",
            name="district",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.district"
            ),
        ),
        migrations.AlterField(
            model_name="bookingcell",
            name="starts_at",
            field=models.DateTimeField(),
        ),
    ]
