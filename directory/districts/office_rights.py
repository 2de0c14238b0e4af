"""The permissions that follow from an office's rights, and the rights that an office begins with."""

from __future__ import annotations

from collections.abc import Mapping

from directory.districts.enums import Department, OfficeRight

Rights = frozenset[str]


def _all(verbs: tuple[str, ...], *models: str) -> tuple[str, ...]:
    app_and_name = (model.split(".") for model in models)
    return tuple(f"{app}.{verb}_{name}" for app, name in app_and_name for verb in verbs)


#: Every office reads, as `app.codename`.
READING = (
    "wagtailadmin.access_admin",
    *_all(
        ("view",),
        "directory.institution",
        "directory.authorisation",
        "directory.title",
        "directory.refusal",
        "directory.institutionprofile",
        "directory.township",
        "directory.district",
        "districts.rule",
        "districts.policydocument",
        "districts.office",
        "core.calendarday",
    ),
)
#: What each right adds to it.
PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    OfficeRight.KEEPS_REGISTER: (
        *_all(
            ("add", "change"),
            "directory.institution",
            "directory.authorisation",
            "directory.title",
            "directory.refusal",
        ),
        *_all(("add", "change", "publish", "lock", "unlock"), "directory.institutionprofile"),
        *_all(("add", "change", "view"), "directory.staffinvite"),
        *_all(("change", "view"), "directory.institutionmember"),
        "directory.change_township",
    ),
    OfficeRight.KEEPS_RULES: (
        "directory.change_district",
        *_all(("add", "change", "delete"), "districts.rule", "core.calendarday"),
        *_all(("add", "change"), "districts.policydocument"),
    ),
    OfficeRight.POSTS_CLASSES: (),
    OfficeRight.WRITES_PAGES: (),
    OfficeRight.APPOINTS_STAFF: (
        *_all(("add", "delete", "view"), "directory.districtstaff"),
        "districts.change_office",
    ),
}
#: Who has one of these uploads pictures and files to the collection of the district.
UPLOADING_RIGHTS = frozenset({OfficeRight.KEEPS_REGISTER, OfficeRight.POSTS_CLASSES, OfficeRight.WRITES_PAGES})
#: What an office begins with; the district's rule may let it post classes as well.
FIRST_RIGHTS: Mapping[str, Rights] = {
    Department.MATERNAL_CHILD_HEALTH: frozenset(
        {OfficeRight.KEEPS_REGISTER, OfficeRight.POSTS_CLASSES, OfficeRight.WRITES_PAGES}
    ),
    Department.HEALTH_COMMISSION: frozenset(set(OfficeRight.values) - {OfficeRight.POSTS_CLASSES}),
    Department.WOMENS_FEDERATION: frozenset({OfficeRight.WRITES_PAGES}),
    Department.EDUCATION: frozenset(),
    Department.COMMERCE: frozenset(),
    Department.STREET_OFFICE: frozenset(),
}
