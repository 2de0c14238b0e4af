"""Every figure of a district becomes a rule with its kind; the history of the figure stays with it."""

from __future__ import annotations

from django.db import migrations

NATIONAL_TITLE = "托育机构登记和备案办法（试行）（国卫办人口发〔2019〕25号）"
NATIONAL = {"title": "托育机构登记和备案办法（试行）", "number": "国卫办人口发〔2019〕25号"}
PLAN_NUMBER = "（红政办〔2022〕34号）"
OLD_BANDS, NEW_BANDS = "150 个以上没有规定", "超过 150 个没有规定"
NUMBERS = {
    "places-per-thousand": "places_per_thousand",
    "coverage-townships": "coverage_townships",
    "kindergarten-class-target": "kindergarten_class_target",
    "video-days": "video_days",
    "inclusive-subsidy": "inclusive_subsidy",
    "registration-push": "registration_push",
    "receipt-days": "receipt_days",
    "refusal-days": "refusal_days",
    "fire-area": "fire_area",
    "public-posts": "public_posts",
    "validity-years": "validity_years",
}
WORDS = {
    "guidance-coverage": "guidance_coverage",
    "milestone-2023": "milestone",
    "milestone-2025": "milestone",
    "inclusive-price": "price_formation",
    "price-supervision": "price_supervision",
    "lifetime-ban": "lifetime_ban",
    "publicity": "publicity",
    "kindergarten-classes": "kindergarten_classes",
    "registrars": "registrars",
    "business-scope": "business_scope",
    "online-forms": "online_forms",
    "utility-price": "utility_price",
    "document-number": "issue",
    "issued": "issue",
}
DATA = {"coverage-population": "coverage_population", "extension-target": "extensions", "area-per-place": "area_per_place"}
DOCUMENTS = {
    "licence-document": "licence_document",
    "fire-document": "fire_document",
    "staff-documents": "staff_documents",
    "health-evaluation": "health_evaluation",
    "food-permit": "food_permit",
    "filing-documents": "filing_documents",
}
#: What the national rule says, which each district had in its own words.
NATIONAL_RULES = (
    ("receipt_days", "符合的 5 个工作日内给备案回执和基本条件告知书", 5),
    ("refusal_days", "不符合的 15 个工作日内说明理由并公开", 15),
    (
        "filing_documents",
        "法人登记证书、场地证明、人员资格和健康证明、卫生评价报告、消防合格证明；提供餐饮的还要食品经营许可证",
        [
            {"subject": "licence", "any_of": ["business_licence", "legal_person_certificate"]},
            {"subject": "premises", "any_of": ["premises"]},
            {"subject": "staff_qualification", "any_of": ["qualification"]},
            {"subject": "staff_health", "any_of": ["health_certificate"]},
            {"subject": "health_evaluation", "any_of": ["health_evaluation"]},
            {"subject": "fire", "any_of": ["fire_inspection"]},
            {"subject": "food", "any_of": ["food_permit"], "when": "meals"},
        ],
    ),
)
NATIONAL_KEYS = {
    "receipt-days": 5,
    "refusal-days": 15,
    "licence-document-national": ["business_licence", "legal_person_certificate"],
    "filing-documents-national": None,
}
FIRE = {"fire_inspection", "fire_safety", "acceptance", "acceptance_filing", "filing_inspection_notice", "assessment_report"}
LICENCES = {"business_licence", "legal_person_certificate"}
STAFF = {"qualification": ("staff_qualification", "qualification"), "health": ("staff_health", "health_certificate")}
SINGLE = {"premises": "premises", "health_evaluation": "health_evaluation"}
KNOWN = LICENCES | FIRE | STAFF.keys() | SINGLE.keys()
LEADS = {
    "妇幼保健机构牵头": ["maternal_child_health"],
    "托育机构、妇幼保健机构和社会组织都可开展": ["institutions", "maternal_child_health", "social_bodies"],
    "每月不少于 1 次，区妇联牵头": ["womens_federation"],
}
CLASSES = {"kind": "classes_a_month", "label": "育儿指导次数"}


def facts_become_rules(apps, schema_editor):
    districts = apps.get_model("directory", "District").objects.order_by("position", "pk")
    documents = Documents(apps.get_model("districts", "PolicyDocument"))
    rules = apps.get_model("districts", "Rule").objects
    history = History(apps)
    if districts:
        add_national(rules, documents)
    for district in districts:
        facts = list(apps.get_model("directory", "DistrictFact").objects.filter(district=district).order_by("position", "pk"))
        for fact in facts:
            if is_national(fact):
                continue
            shared = {"district": district, "document": documents.of(fact)}
            history.move(fact, rules.create(**shared, **values_of(fact, district)))
            if fact.key == "parenting-lead" and fact.unit == "次/月" and isinstance(fact.value, int):
                rules.create(**shared, **values_of(fact, district) | CLASSES | {"value": fact.value})
        add_from_district(rules, documents, district, facts)


def is_national(fact):
    """What the national rule says, unless staff have made something else of it."""
    if fact.source_title != NATIONAL_TITLE or fact.key not in NATIONAL_KEYS:
        return False
    return NATIONAL_KEYS[fact.key] is None or fact.value == NATIONAL_KEYS[fact.key]


def add_national(rules, documents):
    document = documents.national()
    for kind, text, value in NATIONAL_RULES:
        rules.create(level="nation", document=document, kind=kind, text=text, value=value)


def add_from_district(rules, documents, district, facts):
    """Modes and vouchers also stood on the district, where staff could tick them: what the facts say goes first."""
    keys = {fact.key for fact in facts}
    state = "draft" if district.plan_state == "draft" else "in_force"
    shared = {"district": district, "document": documents.plan_of(district), "state": state}
    if district.care_modes and "care-modes" not in keys:
        rules.create(kind="care_modes", text="托育方式见实施方案", value=district.care_modes, **shared)
    if district.has_vouchers and "voucher" not in keys:
        rules.create(kind="vouchers", text="方案提到体验券", value=True, **shared)


def values_of(fact, district):
    kind, value = kind_and_value(fact, district)
    return {
        "level": "district",
        "kind": kind,
        "label": fact.label,
        "text": fact.text.replace(OLD_BANDS, NEW_BANDS),
        "value": value,
        "due_year": fact.due_year,
        "state": "draft" if fact.is_draft else "in_force",
        "quote": fact.quote,
    }


def kind_and_value(fact, district):
    """The kind of a key, and its value in that kind's shape; a value of another shape stays in the words alone."""
    key, value = fact.key, fact.value
    if key in NUMBERS:
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
        return NUMBERS[key], value if is_number else None
    if key in WORDS:
        return WORDS[key], None
    if key in DATA:
        return DATA[key], value
    if key in DOCUMENTS:
        return DOCUMENTS[key], requirements(key, value)
    if key == "care-modes":
        return "care_modes", district.care_modes or None
    if key == "voucher":
        return "vouchers", bool(value and district.has_vouchers)
    if key == "parenting-lead":
        return "parenting_lead", LEADS.get(fact.text)
    return "other", None


def requirements(key, value):
    """What a filing must prove, by subject; None where staff have written something else."""
    if key == "health-evaluation":
        return [{"subject": "health_evaluation", "any_of": ["health_evaluation"]}]
    if key == "food-permit":
        return [{"subject": "food", "any_of": ["food_permit"], "when": "meals"}]
    if not isinstance(value, list) or not value or not set(map(str, value)) <= KNOWN:
        return None
    found = [(subject, [word for word in value if word in codes]) for subject, codes in (("licence", LICENCES), ("fire", FIRE))]
    found = [(subject, codes) for subject, codes in found if codes]
    found += [(STAFF[word][0], [STAFF[word][1]]) for word in value if word in STAFF]
    found += [(SINGLE[word], [word]) for word in value if word in SINGLE]
    return [{"subject": subject, "any_of": codes} for subject, codes in found]


class Documents:
    """The documents that the facts cite, each made once."""

    def __init__(self, model):
        self.model = model

    def plan_of(self, district):
        number = PLAN_NUMBER.strip("（）") if PLAN_NUMBER in district.plan_title else ""
        title = district.plan_title.replace(PLAN_NUMBER, "") or f"{district.name}实施方案"
        defaults = {"district": district, "is_plan": True, "title": title, "number": number}
        return self.model.objects.get_or_create(slug=f"plan-{district.slug}", defaults=defaults)[0]

    def national(self):
        return self.model.objects.get_or_create(slug="national-filing", defaults=NATIONAL)[0]

    def of(self, fact):
        if fact.source_title == fact.district.plan_title and fact.source_title:
            return self.plan_of(fact.district)
        if fact.source_title == NATIONAL_TITLE:
            return self.national()
        found = self.model.objects.filter(
            district=fact.district, title=fact.source_title, url=fact.source_url, is_plan=False
        ).first()
        return found or self.model.objects.create(
            slug=f"source-{fact.pk}", district=fact.district, title=fact.source_title, url=fact.source_url
        )


class History:
    """The entries of the admin's history that belong to a fact."""

    def __init__(self, apps):
        types = apps.get_model("contenttypes", "ContentType").objects
        self.old = types.filter(app_label="directory", model="districtfact").first()
        self.new = types.get_or_create(app_label="districts", model="rule")[0] if self.old else None
        self.entries = apps.get_model("wagtailcore", "ModelLogEntry").objects

    def move(self, fact, rule):
        if self.old:
            entries = self.entries.filter(content_type=self.old, object_id=str(fact.pk))
            entries.update(content_type=self.new, object_id=str(rule.pk))


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_centres_are_whole"),
        ("districts", "0001_rules"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0096_referenceindex_referenceindex_source_object_and_more"),
    ]

    operations = [migrations.RunPython(facts_become_rules, migrations.RunPython.noop)]
