from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.checks import registry, run_checks

from cms.accounts.checks import check_sms_adapter, check_sms_is_real
from cms.accounts.messaging.services import text_messages
from cms.accounts.messaging.services.messages import mark_read, notify_family
from cms.accounts.messaging.sms import ADAPTERS, DemoNumberRefused, adapter_named, aliyun, base, tencent
from cms.accounts.messaging.sms.base import SmsFailed
from cms.accounts.messaging.sms.templates import TEMPLATES, UnknownTemplate, ordered_values, render_text
from cms.core.models import OutboxMessage
from cms.core.runtime import outbox
from cms.demo.models import InboxText
from tests.factories.accounts import FamilyMemberFactory, UserFactory, parent_with_child

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
PARAMS = {"place": "示例·小满托育园", "when": "11月26日 周四 14:00–17:00"}


class Provider:
    """Stands for a provider's address: keeps what was posted and answers as told."""

    def __init__(self, answer: dict) -> None:
        self.answer = answer
        self.calls: list[tuple[str, str, dict, bytes]] = []

    def __call__(self, host: str, target: str, headers: dict, body: bytes) -> dict:
        self.calls.append((host, target, dict(headers), body))
        return self.answer


def aliyun_adapter() -> aliyun.AliyunAdapter:
    return aliyun.AliyunAdapter("id", "secret", "示例", dict.fromkeys(TEMPLATES, "SMS_1"))


def tencent_adapter() -> tencent.TencentAdapter:
    return tencent.TencentAdapter("id", "secret", "示例", dict.fromkeys(TEMPLATES, "1"), "1400", "ap-guangzhou")


def send(adapter: base.SmsAdapter, phone: str = "13800138000") -> None:
    text = render_text("confirmed", PARAMS)
    adapter.send(phone=phone, template="confirmed", params=PARAMS, text=text, key="k", now=NOW)


def test_aliyun_signature_is_that_of_the_published_example() -> None:
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": aliyun.EMPTY_BODY_HASH,
    }
    query = aliyun.canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )

    signed = aliyun.authorization("YourAccessKeyId", "YourAccessKeySecret", query=query, headers=headers)

    assert signed.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_tencent_signature_is_that_of_the_published_example() -> None:
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'

    signed = tencent.authorization(
        "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        body=body,
        now=dt.datetime.fromtimestamp(1551113065, dt.UTC),
        host="cvm.tencentcloudapi.com",
        service="cvm",
    )

    assert signed.endswith("Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168")


def test_aliyun_sends_number_template_and_values(monkeypatch) -> None:
    provider = Provider({"Code": "OK"})
    monkeypatch.setattr(aliyun, "post", provider)

    send(aliyun_adapter())

    host, target, headers, body = provider.calls[0]
    assert (host, body) == ("dysmsapi.aliyuncs.com", b"")
    assert "PhoneNumbers=13800138000" in target
    assert "TemplateCode=SMS_1" in target
    assert headers["authorization"].startswith("ACS3-HMAC-SHA256 Credential=id")


def test_aliyun_refusal_is_a_failure(monkeypatch) -> None:
    monkeypatch.setattr(aliyun, "post", Provider({"Code": "isv.BUSINESS_LIMIT_CONTROL"}))

    with pytest.raises(SmsFailed, match="BUSINESS_LIMIT"):
        send(aliyun_adapter())


def test_tencent_sends_values_in_the_order_of_the_text(monkeypatch) -> None:
    provider = Provider({"Response": {"SendStatusSet": [{"Code": "Ok"}]}})
    monkeypatch.setattr(tencent, "post", provider)

    send(tencent_adapter())

    body = json.loads(provider.calls[0][3])
    assert body["PhoneNumberSet"] == ["+8613800138000"]
    assert body["TemplateParamSet"] == [PARAMS["place"], PARAMS["when"]]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"Response": {"Error": {"Code": "AuthFailure"}}},
        {"Response": {"SendStatusSet": [{"Code": "LimitExceeded"}]}},
        {"Response": {}},
    ],
)
def test_tencent_refusal_is_a_failure(answer: dict, monkeypatch) -> None:
    monkeypatch.setattr(tencent, "post", Provider(answer))

    with pytest.raises(SmsFailed):
        send(tencent_adapter())


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_every_adapter_refuses_demo_numbers(name: str) -> None:
    with pytest.raises(DemoNumberRefused):
        send(adapter_named(name), "10000000001")


def test_console_adapter_masks_the_number(capsys) -> None:
    send(adapter_named("console"))

    printed = capsys.readouterr().out
    assert "138****8000" in printed
    assert "13800138000" not in printed


def test_no_text_takes_a_name() -> None:
    taken = {param for template in TEMPLATES.values() for param in template.params}

    assert taken == {"code", "minutes", "place", "when"}


def test_text_refuses_parameters_it_does_not_list() -> None:
    with pytest.raises(UnknownTemplate):
        render_text("confirmed", PARAMS | {"child": "豆豆"})
    with pytest.raises(UnknownTemplate):
        ordered_values("nothing", {})


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name != "sign_in_code"])
def test_texts_fit_two_parts(name: str) -> None:
    params = {param: PARAMS[param] for param in TEMPLATES[name].params}

    assert len(render_text(name, params)) <= 130


@pytest.mark.django_db
def test_notify_family_tells_every_adult_once() -> None:
    guardian, child = parent_with_child()
    carer = FamilyMemberFactory(family=child.family, role="carer").user
    FamilyMemberFactory()
    for _time in range(2):
        notify_family(
            family=child.family, kind="k", title="t", body="b", link="/me/", key="x", now=NOW,
            sms="confirmed", sms_params=PARAMS,
        )  # fmt: skip

    assert [user.messages.count() for user in (guardian, carer)] == [1, 1]
    assert OutboxMessage.objects.filter(topic=text_messages.TOPIC).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("adults", [1, 3])
def test_notify_family_takes_the_same_statements_for_any_number(adults: int, django_assert_num_queries) -> None:
    member = FamilyMemberFactory()
    FamilyMemberFactory.create_batch(adults - 1, family=member.family)

    with django_assert_num_queries(5):
        notify_family(
            family=member.family, kind="k", title="t", body="b", link="", key="x", now=NOW,
            sms="confirmed", sms_params=PARAMS,
        )  # fmt: skip


@pytest.mark.django_db
def test_text_is_delivered_to_the_present_number(capsys) -> None:
    user = UserFactory(phone="13800138000")
    text_messages.send_to_users(users=[user], template="confirmed", params=PARAMS, key="x", now=NOW)

    outbox.drain(now=NOW)

    assert InboxText.objects.get().phone == "13800138000"
    assert "已预约" in capsys.readouterr().out


@pytest.mark.django_db
def test_text_to_a_closed_account_or_after_its_time_is_not_sent(capsys) -> None:
    gone = UserFactory(is_active=False)
    text_messages.send_to_users(users=[gone], template="confirmed", params=PARAMS, key="x", now=NOW)
    code = {"code": "123456", "minutes": "5"}
    text_messages.send_to_number(phone="13800138000", template="sign_in_code", params=code, key="y", until=NOW, now=NOW)

    outbox.drain(now=NOW)

    assert not InboxText.objects.exists()
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_demo_number_reaches_only_the_developer_inbox(capsys) -> None:
    text_messages.send_to_number(phone="10000000001", template="confirmed", params=PARAMS, key="y", until=None, now=NOW)

    outbox.drain(now=NOW)

    assert OutboxMessage.objects.get().done_at == NOW
    assert InboxText.objects.get().phone == "10000000001"
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.django_db
def test_mark_read_touches_only_own_messages() -> None:
    guardian, child = parent_with_child()
    other = FamilyMemberFactory(family=child.family).user
    notify_family(family=child.family, kind="k", title="t", body="b", link="", key="x", now=NOW)

    assert mark_read(user=guardian, now=NOW) == 1
    assert other.messages.get().read_at is None


def test_checks_name_what_a_public_site_lacks(settings) -> None:
    settings.SMS_ADAPTER = "console"
    assert [problem.id for problem in check_sms_is_real()] == ["accounts.W001"]
    settings.SMS_ADAPTER = "aliyun"
    assert [problem.id for problem in check_sms_is_real()] == ["accounts.W002", "accounts.W003"]
    settings.SMS_ADAPTER = "pigeon"
    assert [problem.id for problem in check_sms_adapter()] == ["accounts.E001"]


@pytest.mark.parametrize("missing", ["", "SMS_PROVIDER_KEY_ID", "SMS_PROVIDER_KEY_SECRET", "SMS_SIGN_NAME"])
def test_each_of_the_providers_settings_is_asked_for(settings, missing: str) -> None:
    settings.SMS_ADAPTER = "aliyun"
    settings.SMS_TEMPLATE_IDS = dict.fromkeys(TEMPLATES, "1")
    for name in ("SMS_PROVIDER_KEY_ID", "SMS_PROVIDER_KEY_SECRET", "SMS_SIGN_NAME"):
        setattr(settings, name, "" if name == missing else "x")

    assert [problem.id for problem in check_sms_is_real()] == (["accounts.W003"] if missing else [])


def test_checks_run_with_those_of_the_site(settings) -> None:
    settings.SMS_ADAPTER = "pigeon"

    assert "accounts.E001" in {problem.id for problem in run_checks()}
    assert check_sms_is_real in registry.registry.deployment_checks
    assert check_sms_is_real not in registry.registry.registered_checks


class Answer:
    def __init__(self, body: bytes) -> None:
        self.body = body

    def read(self) -> bytes:
        return self.body


class Connection:
    body = b'{"ok": 1}'

    def __init__(self, host: str, timeout: int) -> None:
        self.host = host

    def request(self, *args: object, **kwargs: object) -> None:
        if self.host == "down":
            raise OSError

    def getresponse(self) -> Answer:
        return Answer(self.body)

    def close(self) -> None:
        self.host = ""


def test_post_reads_json_and_turns_everything_else_into_a_failure(monkeypatch) -> None:
    monkeypatch.setattr(base, "HTTPSConnection", Connection)
    assert base.post("up", "/", {}, b"") == {"ok": 1}
    with pytest.raises(SmsFailed):
        base.post("down", "/", {}, b"")
    for body in (b"<html>", b"[]"):
        monkeypatch.setattr(Connection, "body", body)
        with pytest.raises(SmsFailed):
            base.post("up", "/", {}, b"")
