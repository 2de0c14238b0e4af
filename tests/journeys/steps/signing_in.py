"""Ways in: a phone with a code, a password with a second factor."""

from __future__ import annotations

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.journeys.steps import inbox
from tests.journeys.visitor import Visitor


def signs_in_by_phone(visitor: Visitor, phone: str) -> None:
    """On the page that asks for a number; stops where the visitor wanted to go."""
    visitor.heading("登录")
    visitor.write(手机号=phone)
    visitor.press("获取验证码")
    visitor.heading("填验证码")
    visitor.write(验证码=inbox.text_code(visitor))
    visitor.press("登录")


def gives_the_password(visitor: Visitor, username: str, password: str) -> None:
    """On the page that asks staff for a password."""
    visitor.heading("工作人员登录")
    visitor.write(用户名=username, 密码=password)
    visitor.press("下一步")
    visitor.heading("第二步验证")


def signs_in_with_password(visitor: Visitor, username: str, password: str) -> None:
    """The password, then the code of the authenticator."""
    gives_the_password(visitor, username, password)
    visitor.write(验证码=inbox.staff_code(visitor, username))
    visitor.press("登录")


def turns_to_the_phone(visitor: Visitor) -> None:
    """From the page for staff to the one for caregivers."""
    visitor.heading("工作人员登录")
    visitor.follow("保育人员用手机号登录")


def makes_an_account(visitor: Visitor, *, username: str, password: str) -> None:
    """Behind the one-time link."""
    visitor.write(用户名=username)
    visitor.page.get_by_label("密码", exact=True).fill(password)
    visitor.write(再填一次密码=password)
    visitor.press("下一步")


def sets_up_a_second_factor(visitor: Visitor) -> None:
    """An authenticator app that knows the shown secret, then the codes for the day it is lost."""
    visitor.heading("设置第二步验证")
    secret = visitor.page.locator("code.secret").inner_text().replace(" ", "")
    visitor.write(**{"6 位数字": code_of(secret)})
    visitor.press("启用")
    visitor.heading("收好恢复码")
    visitor.follow("收好了，继续")


def code_of(secret: str) -> str:
    """What an authenticator app shows now for that secret."""
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))
