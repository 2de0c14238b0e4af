"""Passkeys through the pages, with an authenticator in software (WebAuthn level 2, attestation "none")."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import struct

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client, RequestFactory
from fido2 import cbor
from fido2.cose import ES256

from cms.accounts.models import User
from cms.accounts.signin.services import passkeys
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from tests.factories.accounts import PASSWORD, StaffUserFactory
from tests.factories.directory import InstitutionMemberFactory

pytestmark = pytest.mark.django_db
ORIGIN = "https://localhost"
ADD = "/staff/security/passkeys/add/"
STEP = "/staff/second-factor/"


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class SoftKey:
    """An authenticator: one key pair, answers challenges as a browser would pass them on."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = b"soft-key-credential"
        self.count = 0

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": ORIGIN}).encode()

    def _authenticator_data(self, flags: int) -> bytes:
        self.count += 1
        return hashlib.sha256(b"localhost").digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _answer(self, response: dict) -> str:
        return json.dumps(
            {
                "id": text(self.id),
                "rawId": text(self.id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": response,
            }
        )

    def create(self, options: dict) -> str:
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._authenticator_data(0x45) + attested})
        client_data = self._client_data("create", options["publicKey"]["challenge"])
        return self._answer({"clientDataJSON": text(client_data), "attestationObject": text(attestation)})

    def get(self, options: dict) -> str:
        data = self._authenticator_data(0x05)
        client_data = self._client_data("get", options["publicKey"]["challenge"])
        signed = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": text(client_data),
                "authenticatorData": text(data),
                "signature": text(signed),
                "userHandle": None,
            }
        )


@pytest.fixture
def browser() -> Client:
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def manager(browser: Client) -> User:
    """A manager without a factor, who has just given the password."""
    user = StaffUserFactory()
    InstitutionMemberFactory(user=user, role="manager")
    give_password(browser, user)
    return user


def give_password(browser: Client, user: User) -> None:
    browser.post("/staff/sign-in/", {"username": user.username, "password": PASSWORD})


def options_of(browser: Client, address: str) -> dict:
    page = browser.get(address).content.decode()
    return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', page)[1]))


def added(browser: Client) -> SoftKey:
    key = SoftKey()
    browser.post(ADD, {"credential": key.create(options_of(browser, ADD)), "name": "办公室电脑"})
    return key


def test_passkey_as_the_first_factor_gives_recovery_codes_and_opens_the_work(browser: Client, manager: User) -> None:
    key = SoftKey()

    shown = browser.post(ADD, {"credential": key.create(options_of(browser, ADD)), "name": ""})

    assert shown.content.count(b"<code>") == 10
    assert browser.get("/workbench/").status_code == 200
    kept = Authenticator.objects.get(user=manager, type=Authenticator.Type.WEBAUTHN)
    assert kept.wrap().name == "通行密钥 1"


def nothings(value: object) -> bool:
    """Whether a JSON value holds a null: browsers refuse those in options of WebAuthn."""
    if isinstance(value, dict | list):
        return any(nothings(item) for item in (value.values() if isinstance(value, dict) else value))
    return value is None


def test_challenges_name_the_site_and_hold_no_nulls(browser: Client, manager: User) -> None:
    to_add = options_of(browser, ADD)["publicKey"]
    added(browser)
    browser.post("/sign-out/")
    give_password(browser, manager)

    to_check = options_of(browser, STEP)["publicKey"]

    assert (to_add["rp"]["id"], to_check["rpId"]) == ("localhost", "localhost")
    assert [key["id"] for key in to_check["allowCredentials"]] == [text(SoftKey().id)]
    assert not nothings(to_add)
    assert not nothings(to_check)


def test_codes_of_an_app_are_no_passkey() -> None:
    user = StaffUserFactory()
    enrol_totp(user=user, secret=new_secret())

    assert not passkeys.has_passkey(user)


def test_passkey_is_a_second_step(browser: Client, manager: User) -> None:
    key = added(browser)
    browser.post("/sign-out/")
    give_password(browser, manager)

    response = browser.post(STEP, {"credential": key.get(options_of(browser, STEP))})

    assert response["Location"] == "/workbench/"
    assert browser.get("/workbench/").status_code == 200


def test_answer_to_another_challenge_is_refused(browser: Client, manager: User) -> None:
    key = added(browser)
    browser.post("/sign-out/")
    give_password(browser, manager)
    old = key.get(options_of(browser, STEP))
    options_of(browser, STEP)

    page = browser.post(STEP, {"credential": old}).content.decode()

    assert "通行密钥没有通过" in page
    assert browser.get("/workbench/").status_code == 302


@pytest.mark.parametrize(
    "answer", ["{", "[]", "{}", '{"id": 1}', '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}']
)
def test_nonsense_is_refused_with_words(browser: Client, manager: User, answer: str) -> None:
    options_of(browser, ADD)
    assert "通行密钥没有通过" in browser.post(ADD, {"credential": answer}).content.decode()
    added(browser)
    browser.post("/sign-out/")
    give_password(browser, manager)
    options_of(browser, STEP)

    assert "通行密钥没有通过" in browser.post(STEP, {"credential": answer}).content.decode()


def test_passkey_of_somebody_else_is_refused(browser: Client, manager: User) -> None:
    added(browser)
    stranger = SoftKey()
    browser.post("/sign-out/")
    give_password(browser, manager)

    page = browser.post(STEP, {"credential": stranger.get(options_of(browser, STEP))}).content.decode()

    assert "通行密钥没有通过" in page


def test_passkey_is_removed_but_not_the_last_factor(browser: Client, manager: User) -> None:
    added(browser)
    kept = Authenticator.objects.get(user=manager, type=Authenticator.Type.WEBAUTHN)
    address = f"/staff/security/passkeys/{kept.pk}/remove/"
    browser.post(address)
    assert Authenticator.objects.filter(pk=kept.pk).exists()
    enrol_totp(user=manager, secret=new_secret())

    browser.post(address)

    assert not Authenticator.objects.filter(pk=kept.pk).exists()
    assert "办公室电脑" not in browser.get("/staff/security/").content.decode()


def test_passkey_of_another_account_cannot_be_removed(browser: Client, manager: User) -> None:
    added(browser)
    other = Authenticator.objects.create(user=StaffUserFactory(), type=Authenticator.Type.WEBAUTHN, data={"name": "a"})

    assert browser.post(f"/staff/security/passkeys/{other.pk}/remove/").status_code == 404


def test_use_of_a_passkey_is_written_on_it_alone(browser: Client, manager: User) -> None:
    key = added(browser)
    other = Authenticator.objects.create(
        user=manager,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "b"}
        | {"credential": Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).data["credential"]},
    )
    Authenticator.objects.filter(pk=other.pk).update(user=StaffUserFactory())
    browser.post("/sign-out/")
    give_password(browser, manager)

    browser.post(STEP, {"credential": key.get(options_of(browser, STEP))})

    used = {row.user_id: row.last_used_at is not None for row in Authenticator.objects.filter(type="webauthn")}
    assert used == {manager.pk: True, Authenticator.objects.get(pk=other.pk).user_id: False}


@pytest.mark.parametrize(("name", "kept"), [("k" * 41, ""), ("k" * 40, "k" * 40), (" 手机 ", "手机")])
def test_name_of_a_passkey_is_at_most_forty_characters(browser: Client, manager: User, name: str, kept: str) -> None:
    browser.post(ADD, {"credential": SoftKey().create(options_of(browser, ADD)), "name": name})

    assert [row.data["name"] for row in Authenticator.objects.filter(type="webauthn")] == ([kept] if kept else [])


@pytest.mark.parametrize("length", [39, 40, 41])
def test_longer_names_are_cut_by_the_service(length: int) -> None:
    user = StaffUserFactory()
    request = RequestFactory().get("/", headers={"Host": "localhost"})
    request.session = {}

    with request_context(request):
        options = json.loads(passkeys.begin_adding(user=user))
        row = passkeys.add_passkey(user=user, answer=SoftKey().create(options), name="k" * length)

    assert (row.user, row.data["name"]) == (user, "k" * min(length, 40))
