"""Whether an institution wants a second factor of its caregivers too."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_search_postings")]

    operations = [
        migrations.AddField(
            model_name="institution",
            name="caregivers_need_factor",
            field=models.BooleanField(default=False, editable=False, verbose_name="保育人员登录也要第二步验证"),
        ),
    ]
