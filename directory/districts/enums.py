"""Choices of the districts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TownshipKind(models.TextChoices):
    STREET = "street", _("街道")
    TOWN = "town", _("镇")
    ZONE = "zone", _("开发区")


class Department(models.TextChoices):
    """Where staff work. The codes are those of `manage.py add_staff` and of the demo's accounts."""

    MATERNAL_CHILD_HEALTH = "maternal_child_health", _("妇幼保健")
    HEALTH_COMMISSION = "health_commission", _("卫健")
    WOMENS_FEDERATION = "womens_federation", _("妇联")
    EDUCATION = "education", _("教体")
    COMMERCE = "commerce", _("商务")
    STREET_OFFICE = "street_office", _("街道办")
    SITE_EDITOR = "site_editor", _("网站编辑")


#: The departments that a district has; the site's editor belongs to no district.
OFFICES = tuple(code.value for code in Department if code != Department.SITE_EDITOR)
OFFICE_CHOICES = [(code.value, code.label) for code in Department if code.value in OFFICES]


class OfficeRight(models.TextChoices):
    """What an office may do beyond reading; each value is a column of ``Office``."""

    KEEPS_REGISTER = "keeps_register", _("登记机构、备案，邀请负责人")
    KEEPS_RULES = "keeps_rules", _("改规定、街道和日历")
    POSTS_CLASSES = "posts_classes", _("发布课堂")
    WRITES_PAGES = "writes_pages", _("发本区的公示、政策和育儿指导")
    APPOINTS_STAFF = "appoints_staff", _("管本区工作人员和部门")


class RuleLevel(models.TextChoices):
    """Whose rule it is; the last is the nearest."""

    NATION = "nation", _("全国")
    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    DISTRICT = "district", _("区")


class RuleState(models.TextChoices):
    """A draft is shown and never enforced; what is to be checked by a person is shown to staff alone."""

    IN_FORCE = "in_force", _("施行")
    DRAFT = "draft", _("征求意见稿")
    TO_CHECK = "to_check", _("待核对")


class RuleKind(models.TextChoices):
    """What a rule is about, in the order in which pages show it."""

    PLACES_PER_THOUSAND = "places_per_thousand", _("每千人口托位")
    PLACES_PER_THOUSAND_UNDER_THREE = "places_per_thousand_under_three", _("每千名 3 岁以下宝宝的托位")
    INCLUSIVE_SHARE = "inclusive_share", _("普惠托位占比")
    COVERAGE_POPULATION = "coverage_population", _("按人口布点")
    COVERAGE_TOWNSHIPS = "coverage_townships", _("街道和镇布点")
    GUIDANCE_COVERAGE = "guidance_coverage", _("育儿指导覆盖")
    KINDERGARTEN_CLASS_TARGET = "kindergarten_class_target", _("公办幼儿园托班")
    EXTENSIONS = "extensions", _("改扩建和分部")
    MILESTONE = "milestone", _("阶段目标")
    CARE_MODES = "care_modes", _("托育方式")
    VOUCHERS = "vouchers", _("体验券")
    VIDEO_DAYS = "video_days", _("录像保存")
    PRICE_FORMATION = "price_formation", _("收费定价")
    PRICE_SUPERVISION = "price_supervision", _("价格监管")
    PRICE_FLOAT = "price_float", _("收费上浮上限")
    INCLUSIVE_SUBSIDY = "inclusive_subsidy", _("普惠补助")
    PARENTING_LEAD = "parenting_lead", _("育儿指导牵头")
    CLASSES_A_MONTH = "classes_a_month", _("育儿指导次数")
    LIFETIME_BAN = "lifetime_ban", _("终身禁入")
    PUBLICITY = "publicity", _("公示")
    KINDERGARTEN_CLASSES = "kindergarten_classes", _("幼儿园托班")
    REGISTRARS = "registrars", _("登记部门")
    BUSINESS_SCOPE = "business_scope", _("经营范围")
    REGISTRATION_PUSH = "registration_push", _("登记信息推送")
    ONLINE_FORMS = "online_forms", _("网上备案")
    RECEIPT_DAYS = "receipt_days", _("备案回执时限")
    REFUSAL_DAYS = "refusal_days", _("不予备案通知时限")
    FILING_DOCUMENTS = "filing_documents", _("备案材料")
    LICENCE_DOCUMENT = "licence_document", _("主体证照")
    FIRE_DOCUMENT = "fire_document", _("消防材料")
    STAFF_DOCUMENTS = "staff_documents", _("人员材料")
    HEALTH_EVALUATION = "health_evaluation", _("卫生评价")
    FOOD_PERMIT = "food_permit", _("食品经营许可")
    FIRE_AREA = "fire_area", _("消防办理分界")
    AREA_PER_PLACE = "area_per_place", _("每托位建筑面积")
    UTILITY_PRICE = "utility_price", _("水电气价格")
    PUBLIC_POSTS = "public_posts", _("公益性岗位")
    VALIDITY_YEARS = "validity_years", _("方案有效期")
    ISSUE = "issue", _("印发")
    OTHER = "other", _("其他")


class FilingSubject(models.TextChoices):
    """What a filing's documents prove."""

    LICENCE = "licence", _("主体证照")
    PREMISES = "premises", _("场地")
    STAFF_QUALIFICATION = "staff_qualification", _("人员资格")
    STAFF_HEALTH = "staff_health", _("人员健康")
    HEALTH_EVALUATION = "health_evaluation", _("卫生评价")
    FIRE = "fire", _("消防")
    FOOD = "food", _("餐饮")


class FilingDocument(models.TextChoices):
    """The documents that the plans and the national rule name."""

    BUSINESS_LICENCE = "business_licence", _("营业执照")
    LEGAL_PERSON_CERTIFICATE = "legal_person_certificate", _("其他法人登记证书")
    PREMISES = "premises", _("场地证明")
    QUALIFICATION = "qualification", _("专业资格证明")
    HEALTH_CERTIFICATE = "health_certificate", _("健康合格证明")
    HEALTH_EVALUATION = "health_evaluation", _("合格的卫生评价报告")
    FIRE_INSPECTION = "fire_inspection", _("消防安全检查合格证明")
    FIRE_SAFETY = "fire_safety", _("消防安全合格证明")
    ACCEPTANCE = "acceptance", _("消防验收合格证明")
    ACCEPTANCE_FILING = "acceptance_filing", _("建设工程消防验收备案凭证")
    FILING_INSPECTION_NOTICE = "filing_inspection_notice", _("备案抽查通知书")
    ASSESSMENT_REPORT = "assessment_report", _("消防技术服务机构的评估报告")
    FOOD_PERMIT = "food_permit", _("食品经营许可证")


class Organiser(models.TextChoices):
    """Who may lead parenting guidance."""

    MATERNAL_CHILD_HEALTH = "maternal_child_health", _("妇幼保健机构")
    HEALTH_COMMISSION = "health_commission", _("卫健部门")
    WOMENS_FEDERATION = "womens_federation", _("妇联")
    INSTITUTIONS = "institutions", _("托育机构")
    SOCIAL_BODIES = "social_bodies", _("社会组织")
