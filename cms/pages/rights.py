"""Whose page a page is: a district's pages are its offices', all others are theirs who edit the site.

Every view, bulk action and API action of Wagtail that changes a page asks ``permissions_for_user`` of the page.
"""

from __future__ import annotations

from typing import Any

from wagtail.models import PagePermissionTester

from directory.districts.queries.people import departments_of, districts_of

#: Who may change the site's settings edits its own texts too.
EDITS_SITE = "pages.change_sitesettings"
APPOINTS = "directory.add_districtstaff"
_KEPT = "_districts_of_pages"
_KEPT_OFFICES = "_departments_of_pages"


def edits_site(user: Any) -> bool:
    """Whether the person edits what belongs to no district."""
    return bool(user.has_perm(EDITS_SITE))


def _districts(user: Any) -> set[int]:
    """The keys of the person's districts, read once a request: a list asks for every page."""
    if not hasattr(user, _KEPT):
        setattr(user, _KEPT, set(districts_of(user).values_list("pk", flat=True)))
    found: set[int] = getattr(user, _KEPT)
    return found


def _is_of_own_office(user: Any, page: Any) -> bool:
    """A page of an office is changed by that office, and by who appoints the district's staff."""
    department = getattr(page, "department", "")
    return not department or leads_district(user) or department in _departments(user)


def leads_district(user: Any) -> bool:
    """Whether the person may give others their work: the offices' pages are theirs to correct."""
    return bool(user.has_perm(APPOINTS))


def _departments(user: Any) -> set[str]:
    """The person's departments, read once a request."""
    if not hasattr(user, _KEPT_OFFICES):
        setattr(user, _KEPT_OFFICES, departments_of(user))
    found: set[str] = getattr(user, _KEPT_OFFICES)
    return found


def is_own(user: Any, page: Any) -> bool:
    """Whether the page is the person's to change, as it stands and as its draft has it."""
    if getattr(user, "is_superuser", False):
        return True
    if not _is_of_own_office(user, page):
        return False
    stated = {getattr(page, "district_id", None), getattr(page, "stored_district_id", None)} - {None}
    return stated <= _districts(user) if stated else edits_site(user)


class SitePagePermissionTester(PagePermissionTester):
    """Wagtail's rights from the tree, less what belongs to others.

    Under an index of another's, a district's staff may add and publish pages of their own and do nothing else. Whoever
    is no superuser takes away, hides or moves single pages alone, never a branch.
    """

    def __init__(self, user: Any, page: Any) -> None:
        super().__init__(user, page)
        self.is_own = is_own(user, page)
        given: set[str] = getattr(self, "permissions", set())
        self.publishes_below = "publish" in given and (self.is_own or self._holds_district_pages())
        self.permissions = given if self.is_own else given & {"add"} if self._holds_district_pages() else set()
        self.alone = user.is_superuser or page.is_leaf()

    def _holds_district_pages(self) -> bool:
        """Whether all that may be made below is of a district; the site's own texts are its editors' alone."""
        models = self.page.specific_class.creatable_subpage_models()
        return all(hasattr(model, "district") for model in models)

    def can_edit(self) -> bool:
        """Having made a page once gives no right to it."""
        return self.is_own and bool(super().can_edit())

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """The same; moving asks here too."""
        return self.is_own and self.alone and bool(super().can_delete(ignore_bulk))

    def can_unpublish(self) -> bool:
        """Wagtail offers to take down what stands below as well."""
        return self.alone and bool(super().can_unpublish())

    def can_set_view_restrictions(self) -> bool:
        """A restriction holds for everything below."""
        return self.alone and bool(super().can_set_view_restrictions())

    def can_publish_subpage(self) -> bool:
        """Publishing a page below changes nothing of this one."""
        allowed = bool(self.page.specific_class.creatable_subpage_models())
        return self.user.is_active and allowed and (self.user.is_superuser or self.publishes_below)

    def can_lock(self) -> bool:
        """Nobody locks what is another's."""
        return self.is_own and bool(super().can_lock())

    def can_unlock(self) -> bool:
        """The same, also for a lock of one's own."""
        return self.is_own and bool(super().can_unlock())
