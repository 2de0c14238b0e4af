"""Sentences that came with the code and spoke to officials; what staff have written stays."""

from django.db import migrations

WORDS = (
    (
        "登记机关及时推送，方案没有写几天",
        "登记机关及时推送",
    ),
    (
        "区文件只写营业执照；按全国规定，其他法人登记证书同样有效",
        "营业执照；按全国规定，其他法人登记证书同样有效",
    ),
    (
        "原文：30 个以下 9 ㎡，31–60 个 11 ㎡，60–90 个 13 ㎡，91–150 个 12 ㎡。60 个同属两档，由人工判断；超过 150 个没有规定",
        "30 个以下每个托位 9 ㎡，31–60 个 11 ㎡，60–90 个 13 ㎡，91–150 个 12 ㎡。60 个同属两档，以区里答复为准；超过 150 个没有规定",
    ),
    (
        "半月托、计时托、临时托；“半月托”按原文保留，不当作半日托",
        "半月托、计时托、临时托",
    ),
    (
        "登记机关及时推送，没有写几天",
        "登记机关及时推送",
    ),
    (
        "1000 平方米同属两档（“以上”和“不大于”都含本数），由人工判断",
        "1000 平方米以上办设计审查和验收，不大于 1000 平方米办备案和抽查；正好 1000 平方米同属两档，以区里答复为准",
    ),
)


def say_it_plainly(apps, schema_editor):
    rules = apps.get_model("districts", "Rule").objects
    for before, after in WORDS:
        rules.filter(text=before).update(text=after)


class Migration(migrations.Migration):
    dependencies = [("districts", "0002_facts_become_rules")]

    operations = [migrations.RunPython(say_it_plainly, migrations.RunPython.noop)]
