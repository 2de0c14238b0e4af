import django.core.validators
from django.db import migrations, models


def forget_impossible_validities(apps, schema_editor):
    """Pages with one of them could not be shown at all; a new look at the document says how long it is valid."""
    apps.get_model("pages", "PolicyPage").objects.filter(validity_years__gt=100).update(validity_years=None)


class Migration(migrations.Migration):

    dependencies = [("pages", "0001_initial")]

    operations = [
        migrations.RunPython(forget_impossible_validities, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='policypage',
            name='validity_years',
            field=models.PositiveSmallIntegerField(blank=True, help_text='文件没写有效期就留空', null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='有效期（年）'),
        ),
        migrations.AddConstraint(
            model_name='policypage',
            constraint=models.CheckConstraint(condition=models.Q(('validity_years__isnull', True), ('validity_years__lte', 100), _connector='OR'), name='policy_validity_at_most_a_century', violation_error_message='有效期最长 100 年'),
        ),
    ]
