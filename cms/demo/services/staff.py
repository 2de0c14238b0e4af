"""The demo's accounts of departments and institutions: known passwords, and codes that the inbox shows."""

from __future__ import annotations

import datetime as dt

from cms.accounts.models import User
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from cms.accounts.signin.services.sign_in import ensure_account
from directory.districts.enums import Department
from directory.districts.models import District, DistrictStaff, Office
from directory.districts.services.offices import correct_office
from directory.districts.services.staff import appoint_staff
from directory.register.models import Institution
from directory.register.services.invites import accept_invite, create_manager, invite_caregiver, invite_manager

PASSWORD = "demo-childcare-2026"  # noqa: S105 - printed for everybody; the demo never runs in production
MANAGER, SECOND_MANAGER = "demo-manager", "demo-manager-2"
CAREGIVER_PHONE = "10000000002"
#: In the order of the contract.
STAFF = {
    Department.MATERNAL_CHILD_HEALTH: "demo-fuyou",
    Department.HEALTH_COMMISSION: "demo-weijian",
    Department.WOMENS_FEDERATION: "demo-fulian",
    Department.EDUCATION: "demo-jiaoti",
    Department.COMMERCE: "demo-shangwu",
    Department.STREET_OFFICE: "demo-jiedao",
    Department.SITE_EDITOR: "demo-bianji",
}
#: Numbers that no exchange gives out.
PHONES = {
    Department.MATERNAL_CHILD_HEALTH: "0379-00009001",
    Department.HEALTH_COMMISSION: "0379-00009002",
    Department.WOMENS_FEDERATION: "0379-00009003",
}


def make_staff(*, district: District, now: dt.datetime) -> dict[str, User]:
    """A colleague in every office of the district, and the site's editor; by department."""
    found = {}
    for department in STAFF:
        place = None if department == Department.SITE_EDITOR else district
        found[department.value] = _colleague(place, department, now=now)
    return found


def publish_phones(*, district: District, now: dt.datetime) -> None:
    """Telephone numbers for some offices, where nobody has entered one."""
    for office in Office.objects.filter(district=district, department__in=PHONES, phone="").order_by("pk"):
        correct_office(office=office, values={"phone": PHONES[Department(office.department)]}, now=now)


def make_members(*, institution: Institution, inviter: User, now: dt.datetime) -> None:
    """The manager and the caregiver of the demo accounts, by their invitations."""
    if User.objects.filter(username=MANAGER).exists():
        return
    manager = _manager(institution, MANAGER, inviter, now=now)
    _invite, token = invite_caregiver(institution=institution, name="示例老师", actor=manager, now=now)
    accept_invite(token=token, user=ensure_account(phone=CAREGIVER_PHONE, now=now), now=now)


def make_second_manager(*, institution: Institution, inviter: User, now: dt.datetime) -> None:
    """Somebody who manages another institution."""
    if not User.objects.filter(username=SECOND_MANAGER).exists():
        _manager(institution, SECOND_MANAGER, inviter, now=now)


def staff_accounts(district: District) -> dict[str, dict[str, str]]:
    """Department → how to sign in as its colleague in this district."""
    return {department.value: with_password(_username(district, department)) for department in STAFF}


def with_password(username: str) -> dict[str, str]:
    """How somebody with a password signs in; the codes are in the developer inbox."""
    return {"username": username, "password": PASSWORD, "second_factor": "/dev/inbox/"}


def _username(district: District | None, department: Department) -> str:
    """The plain name in the district that had the demo first; an account works in one place."""
    name = STAFF[department]
    elsewhere = DistrictStaff.objects.filter(user__username=name, district__isnull=False)
    if district is None or department == Department.SITE_EDITOR or not elsewhere.exclude(district=district).exists():
        return name
    return f"{name}-{district.slug}"


def _colleague(district: District | None, department: Department, *, now: dt.datetime) -> User:
    username = _username(district, department)
    posts = DistrictStaff.objects.filter(district=district, department=department, user__username=username)
    post = posts.select_related("user").first()
    if post is None:
        post, _token = appoint_staff(district=district, department=department, username=username, now=now)
        _arm(post.user)
    return post.user


def _manager(institution: Institution, username: str, inviter: User, *, now: dt.datetime) -> User:
    _invite, token = invite_manager(institution=institution, name="示例负责人", actor=inviter, now=now)
    manager = create_manager(token=token, username=username, password=PASSWORD, now=now).user
    _arm(manager)
    return manager


def _arm(user: User) -> None:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    enrol_totp(user=user, secret=new_secret())
