"""What is filled in for the applicant stands as text and can be changed there; signing is one act."""

from __future__ import annotations

from web.form.sheet import Sheet
from web.services import services_of

from .applicant import Intent, Page, PlainApplicant


def begun(client, answers_of, seed=1, **facts):
    """A catering case whose answers are there but for what is suggested."""
    form, answers = answers_of("catering", seed, entity_kind="individual", holds_licence=False, **facts)
    person = PlainApplicant(client, "catering")
    person.begin(form.facts)
    return person, form, answers


def given_of(page):
    """``{name: (text, open)}`` of what stands as filled in."""
    found = {}
    for node in page.root.iter("{http://www.w3.org/1999/xhtml}details"):
        if node.get("class") == "given":
            spans = {s.get("class"): "".join(s.itertext()) for s in node.iter("{http://www.w3.org/1999/xhtml}span")}
            (key,) = [
                i for i in node.iter("{http://www.w3.org/1999/xhtml}input") if (i.get("name") or "").endswith("/given")
            ]
            found[key.get("name").removesuffix("/given")] = spans["value"]
    return found


def send(client, page, action="next", **changes):
    """Send a page back with some inputs changed (``__`` stands for ``/``)."""
    address, standing = page.form(id="sheet")
    data: dict = {}
    for name, value in standing:
        data.setdefault(name, []).append(value)
    data.update(
        {k.replace("__", "/").replace("--", "."): v if isinstance(v, list) else [v] for k, v in changes.items()}
    )
    return client.post(address, data={**data, "_action": action}, content_type="multipart/form-data")


def test_a_suggestion_follows_its_source_until_it_is_changed(quick_site, answers_of):
    from .conftest import client_of

    client = client_of(quick_site)
    person, _, _ = begun(client, answers_of)
    page = person.get("/apply/catering/drainage")
    assert "drainage.discharge_m3" not in given_of(page)
    send(client, page, **{"drainage--tap_water_m3": "10"})
    page = person.get("/apply/catering/drainage")
    assert given_of(page)["drainage.discharge_m3"] == "8.5 立方米/日"
    send(client, page, **{"drainage--tap_water_m3": "20"})
    page = person.get("/apply/catering/drainage")
    assert given_of(page)["drainage.discharge_m3"] == "17 立方米/日"
    send(client, page, **{"drainage--discharge_m3": "16"})
    page = person.get("/apply/catering/drainage")
    assert "drainage.discharge_m3" not in given_of(page)
    send(client, page, **{"drainage--tap_water_m3": "18"})
    page = person.get("/apply/catering/drainage")
    assert ("drainage.discharge_m3", "16") in page.form(id="sheet")[1]
    assert "8.5" not in person.get("/apply/catering/check").text


def test_ticks_that_were_filled_in_can_all_be_taken_out_and_stay_out(quick_site, answers_of):
    from .conftest import client_of

    client = client_of(quick_site)
    person = PlainApplicant(client, "bathhouse")
    person.begin(answers_of("bathhouse", 1)[0].facts)
    page = person.get("/apply/bathhouse/drainage")
    assert given_of(page)["drainage.water_sources"] == "自来水"
    send(client, page, "stay", **{"drainage--water_sources": []})
    for _ in range(2):  # sending the page again brings nothing back
        page = person.get("/apply/bathhouse/drainage")
        assert "drainage.water_sources" not in given_of(page)
        assert "drainage.water_sources" not in dict(page.form(id="sheet")[1])
        send(client, page, "stay")
    named = ["".join(node.itertext()) for node in person.get("/apply/bathhouse/check").all("li")]
    assert any("用水来源" in text for text in named)
    send(client, page, "stay", **{"drainage--water_sources": ["1"]})
    page = person.get("/apply/bathhouse/drainage")
    assert [value for name, value in page.form(id="sheet")[1] if name == "drainage.water_sources"] == ["1"]
    send(client, page, "stay", **{"drainage--water_sources": ["0", "1"]})
    for left in (["1"], [], []):  # taken out one by one, whatever stood there before
        send(client, person.get("/apply/bathhouse/drainage"), "stay", **{"drainage--water_sources": left})
        standing = person.get("/apply/bathhouse/drainage").form(id="sheet")[1]
        assert [value for name, value in standing if name == "drainage.water_sources"] == left


def test_the_check_page_shows_what_was_filled_in_and_where_to_change_it(quick_site, answers_of):
    from .conftest import client_of

    person, _, _ = begun(client_of(quick_site), answers_of)
    page = person.get("/apply/catering/check")
    assert "食品经营许可证申请副本数" in page.text
    assert "已替您填好" in page.text


def test_one_tick_and_one_signature_make_every_departments_own(quick_site, answers_of):
    from .conftest import client_of

    client = client_of(quick_site)
    person, form, answers = begun(client, answers_of, 2)
    page = person.get("/apply/catering/sign-off")
    names = [i.get("name") for i in page.all("input") if i.get("type") in (None, "checkbox") and i.get("name")]
    assert names == ["act.declare", "act.sign"]  # the fire commitment comes with its choice
    own = [f for f in form.fields.values() if f.raw.get("x-own") == "declaration"]
    assert len(own) > 6
    for one in own:
        if one.raw.get("x-act") is None:
            assert one.title in page.text
            assert " ".join(one.raw["description"].split())[:20] in page.text
    response = send(client, page, action="submit", act__x="", **{"act--sign": "示例经营者"})
    page = Page(response)
    assert page.errors() == ["请阅读各项声明和承诺，并勾选同意"]
    address = person.fill_all(answers, Sheet(services_of(quick_site).catalogue.serve("catering", form.facts).form))
    number = address.rpartition("/")[2]
    for name in form.forms:
        values = client.get(f"/cases/{number}/{name}.json").get_json()
        signed = [v for k, v in values.items() if "signature" in k]
        assert len(set(signed)) == len(signed) > 0, name


def test_declarations_that_were_not_on_the_page_are_not_made(quick_site, answers_of):
    from .conftest import client_of

    client = client_of(quick_site)
    person, form, answers = begun(client, answers_of)
    page = person.get("/apply/catering/sign-off")
    address, standing = page.form(id="sheet")
    kept = [(k, v) for k, v in standing if not (k == "act.declare/of" and "drainage" in v)]
    data: dict = {}
    for name, value in [*kept, ("act.declare", "yes"), ("_action", "refresh")]:
        data.setdefault(name, []).append(value)
    page = Page(client.post(address, data=data, content_type="multipart/form-data"))
    intent = Intent(Sheet(services_of(quick_site).catalogue.serve("catering", form.facts).form), answers)
    box = next(i for i in page.all("input", name="act.declare"))
    assert box.get("checked") is None
    assert intent.ticked("act.declare", "yes")
