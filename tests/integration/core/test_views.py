"""Health, figures, display mode."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from cms.core.runtime.kernel_ports import HealthCheck, health_checks
from cms.core.web import views


def test_healthz_touches_no_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_tells_every_part(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert {"database", "cache", "jobs"} <= response.json().keys()


@pytest.mark.django_db
def test_readyz_without_an_essential_part_is_503(client: Client) -> None:
    with health_checks.replaced_by(database=HealthCheck(lambda: str(1 / 0), essential=True)):
        assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_metrics_answers_this_machine(client: Client) -> None:
    response = client.get("/metrics")

    assert b"tuoyu_requests_total" in response.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stranger", [{"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}]
)
def test_metrics_refuses_a_stranger(client: Client, stranger: dict[str, str]) -> None:
    assert client.get("/metrics", **stranger).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("token", "status"), [("right", 200), ("wrong", 404), ("", 404)])
def test_metrics_with_a_token_asks_for_it(client: Client, settings, token: str, status: int) -> None:
    settings.METRICS_TOKEN = "right"

    response = client.get("/metrics", headers={"Authorization": f"Bearer {token}"}, REMOTE_ADDR="192.0.2.1")

    assert response.status_code == status


@pytest.mark.django_db
def test_display_large_sets_the_cookie_and_goes_back(client: Client) -> None:
    response = client.get("/display/large/", headers={"Referer": "http://testserver/institutions/?q=1"})

    assert (response.status_code, response["Location"]) == (302, "http://testserver/institutions/?q=1")
    assert response.cookies["type"].value == "large"


@pytest.mark.django_db
def test_display_normal_removes_the_cookie(client: Client) -> None:
    client.get("/display/large/")

    response = client.get("/display/normal/")

    assert response.cookies["type"].value == ""


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_display_never_leads_elsewhere(client: Client, address: str) -> None:
    response = client.get("/display/large/", {"next": address})

    assert response["Location"] == "/"


@pytest.mark.django_db
def test_display_unknown_mode_is_404(client: Client) -> None:
    assert client.get("/display/huge/").status_code == 404


@pytest.mark.django_db
def test_answers_carry_an_id_and_the_strict_policy(client: Client) -> None:
    response = client.get("/healthz", headers={"X-Request-Id": "from-proxy-1"})

    assert response["X-Request-Id"] == "from-proxy-1"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "script-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_malformed_request_id_is_replaced(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "a\tb"})["X-Request-Id"] != "a\tb"


@pytest.mark.django_db
def test_admin_policy_is_relaxed_for_wagtail(client: Client) -> None:
    assert "'unsafe-inline'" in client.get("/admin/")["Content-Security-Policy"]


@pytest.mark.django_db
def test_form_without_its_token_gets_a_plain_403() -> None:
    response = Client(enforce_csrf_checks=True).post("/display/large/")

    assert response.status_code == 403
    assert "text/html" in response["Content-Type"]


@pytest.mark.django_db
def test_large_type_is_remembered_for_a_year(client: Client, settings) -> None:
    settings.SESSION_COOKIE_SECURE = True

    cookie = client.get("/display/large/").cookies["type"]

    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"], cookie["secure"]) == (
        31536000,
        True,
        "Lax",
        True,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("target", "leads"), [("/me/?a=1", "/me/?a=1"), ("", "/"), ("http://testserver/x", "http://testserver/x")]
)
def test_display_goes_where_next_says(client: Client, target: str, leads: str) -> None:
    assert client.get("/display/normal/", {"next": target})["Location"] == leads


@pytest.mark.django_db
def test_display_under_https_does_not_lead_to_http(client: Client) -> None:
    response = client.get("/display/large/", {"next": "http://testserver/x"}, secure=True)

    assert response["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["right", "Bearer right ", "Bearer rightx", "Basic right"])
def test_metrics_token_is_compared_whole(client: Client, settings, header: str) -> None:
    settings.METRICS_TOKEN = "right"

    status = client.get("/metrics", headers={"Authorization": header}).status_code

    assert status == (200 if header == "right" else 404)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_state_of_the_site_is_never_cached_and_only_read(client: Client, path: str) -> None:
    assert "no-store" in client.get(path)["Cache-Control"]
    assert client.post(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "kind"), [("/api/v1/x", "application/json"), ("/x/", "text/html")])
def test_broken_page_answers_in_the_callers_form(path: str, kind: str) -> None:
    response = views.server_error(RequestFactory().get(path))

    assert (response.status_code, response["Content-Type"].split(";")[0]) == (500, kind)
