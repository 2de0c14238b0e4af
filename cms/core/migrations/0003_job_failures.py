from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_outbox_streams'),
    ]

    operations = [
        migrations.AddField(
            model_name='jobrun',
            name='failures',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Failed tries of the run that is due'),
        ),
    ]
