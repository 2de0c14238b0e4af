"""The only Wagtail page models, and the settings of the site."""

from cms.pages.models.guide import GuideIndexPage, GuidePage
from cms.pages.models.home import HomePage
from cms.pages.models.notice import NoticeIndexPage, NoticeInstitution, NoticePage
from cms.pages.models.policy import PolicyIndexPage, PolicyNotPublic, PolicyPage
from cms.pages.models.settings import SiteSettings
from cms.pages.models.standard import StandardPage

__all__ = [
    "GuideIndexPage",
    "GuidePage",
    "HomePage",
    "NoticeIndexPage",
    "NoticeInstitution",
    "NoticePage",
    "PolicyIndexPage",
    "PolicyNotPublic",
    "PolicyPage",
    "SiteSettings",
    "StandardPage",
]
