"""腾讯云短信 `SendSms`, signed with TC3-HMAC-SHA256 (API version 2021-01-11)."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from cms.accounts.messaging.sms.base import SmsAdapter, SmsFailed, post
from cms.accounts.messaging.sms.templates import ordered_values

HOST = "sms.tencentcloudapi.com"
SERVICE = "sms"
ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True)
class TencentAdapter(SmsAdapter):
    """Sends through 腾讯云; its templates number their places, so values go in the order of the text."""

    key_id: str
    key_secret: str
    sign_name: str
    template_ids: Mapping[str, str]
    app_id: str
    region: str

    @classmethod
    def from_settings(cls) -> TencentAdapter:
        """The adapter of `SMS_PROVIDER_*`."""
        return cls(
            settings.SMS_PROVIDER_KEY_ID,
            settings.SMS_PROVIDER_KEY_SECRET,
            settings.SMS_SIGN_NAME,
            settings.SMS_TEMPLATE_IDS,
            settings.SMS_PROVIDER_APP_ID,
            settings.SMS_PROVIDER_REGION,
        )

    def transmit(
        self, *, phone: str, template: str, params: Mapping[str, str], text: str, key: str, now: dt.datetime
    ) -> None:
        """One signed JSON request."""
        body = json.dumps(
            {
                "PhoneNumberSet": [f"+86{phone}"],
                "SmsSdkAppId": self.app_id,
                "SignName": self.sign_name,
                "TemplateId": self.template_ids[template],
                "TemplateParamSet": ordered_values(template, params),
                "SessionContext": hashlib.sha256(key.encode()).hexdigest()[:32],
            },
            ensure_ascii=False,
        ).encode()
        headers = {
            "Host": HOST,
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": "SendSms",
            "X-TC-Version": "2021-01-11",
            "X-TC-Region": self.region,
            "X-TC-Timestamp": str(int(now.timestamp())),
        }
        headers["Authorization"] = authorization(self.key_id, self.key_secret, body=body, now=now)
        _check(post(HOST, "/", headers, body))


def authorization(
    key_id: str,
    key_secret: str,
    *,
    body: bytes,
    now: dt.datetime,
    host: str = HOST,
    service: str = SERVICE,
    extra_headers: Mapping[str, str] | None = None,
) -> str:
    """The Authorization header of 腾讯云 V3: keys derived by day and service sign a hash of the request."""
    headers = {"content-type": CONTENT_TYPE, "host": host, **(extra_headers or {})}
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join(["POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()])
    day = now.astimezone(dt.UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    request_hash = hashlib.sha256(request.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{int(now.timestamp())}\n{scope}\n{request_hash}"
    key = _mac(_mac(_mac(f"TC3{key_secret}".encode(), day), service), "tc3_request")
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _check(answer: dict[str, object]) -> None:
    response = answer.get("Response")
    if not isinstance(response, dict):
        raise SmsFailed("answer")
    if error := response.get("Error"):
        raise SmsFailed(str(error.get("Code", "error"))[:60])
    statuses = response.get("SendStatusSet") or [{}]
    if statuses[0].get("Code") != "Ok":
        raise SmsFailed(str(statuses[0].get("Code", "answer"))[:60])
