from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from cms.core.web.static_storage import BundlingStaticFilesStorage


def collect(source, target):
    storage = BundlingStaticFilesStorage(location=str(target), base_url="/static/")
    found = FileSystemStorage(location=str(source))
    names = ["css/site.css", "css/tokens.css", "css/components/field.css", "img/chevron.svg"]
    paths = {}
    for name in names:
        with found.open(name) as file:
            storage.save(name, file)
        paths[name] = (found, name)
    list(storage.post_process(paths))
    return storage


def write_source(folder, *, colour="#000"):
    for part in ("css/components", "img"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "img/chevron.svg").write_text("<svg/>")
    (folder / "css/site.css").write_text(
        '/* All */\n@import url("tokens.css");\n@import url("components/field.css");\n'
    )
    (folder / "css/tokens.css").write_text(f":root {{ --ink: {colour}; }}\n")
    (folder / "css/components/field.css").write_text('select { background: url("../../img/chevron.svg"); }\n')


def test_bundle_holds_its_parts_in_order_with_pictures_found_from_its_own_folder(tmp_path):
    write_source(tmp_path / "source")

    storage = collect(tmp_path / "source", tmp_path / "target")

    text = (tmp_path / "target" / storage.stored_name("css/site.css")).read_text()
    chevron = storage.stored_name("img/chevron.svg").removeprefix("img/")
    assert text.strip().splitlines() == [
        ":root { --ink: #000; }",
        "",
        f'select {{ background: url("../img/{chevron}"); }}',
    ]


def test_bundle_is_made_anew_when_only_a_part_changed(tmp_path):
    write_source(tmp_path / "source")
    first = collect(tmp_path / "source", tmp_path / "one").stored_name("css/site.css")
    write_source(tmp_path / "source", colour="#fff")

    second = collect(tmp_path / "source", tmp_path / "two").stored_name("css/site.css")

    assert first != second


def test_every_component_is_imported_once():
    site = Path(str(finders.find("css/site.css")))
    imported = [line.split('"')[1] for line in site.read_text().splitlines() if line.startswith("@import")]

    components = sorted(f"components/{path.name}" for path in site.parent.glob("components/*.css"))

    assert sorted(name for name in imported if name.startswith("components/")) == components


def test_dry_run_writes_no_bundle(tmp_path):
    write_source(tmp_path / "source")
    storage = BundlingStaticFilesStorage(location=str(tmp_path / "target"), base_url="/static/")
    found = FileSystemStorage(location=str(tmp_path / "source"))

    list(storage.post_process({"css/site.css": (found, "css/site.css")}, dry_run=True))

    assert list((tmp_path / "target").rglob("*.css")) == []


def test_bundle_that_was_not_collected_is_left_out(tmp_path):
    write_source(tmp_path / "source")
    storage = BundlingStaticFilesStorage(location=str(tmp_path / "target"), base_url="/static/")
    found = FileSystemStorage(location=str(tmp_path / "source"))
    with found.open("img/chevron.svg") as file:
        storage.save("img/chevron.svg", file)

    list(storage.post_process({"img/chevron.svg": (found, "img/chevron.svg")}))

    assert not (tmp_path / "target" / "css").exists()
