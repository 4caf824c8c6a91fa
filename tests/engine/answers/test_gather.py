"""Failures become one mistake for each place: the most telling first, what only follows from another named so."""

import pytest
from tiny import TODAY, department, library, rows, subject, text, whole

import formengine
from formengine.answers.finding import Finding
from formengine.answers.gather import Places, gathered
from formengine.binding.base import Source


@pytest.fixture(scope="module")
def form():
    shop = subject({"name": text(), "area": whole(), "kind": {"enum": ["big", "small"]}})
    staff = rows({"name": text(), "age": whole()})
    cells = {name: {"title": name, "x-element": f"staff.{name}"} for name in ("name", "age")}
    table = {"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": {"properties": cells}}
    plain = {name: {"x-element": f"shop.{name}"} for name in ("name", "area", "kind")}
    forms = {
        "a": department("a", {**plain, "t": table}, required=["name"]),
        "b": department("b", {"n": {"x-element": "shop.name", "maxLength": 2}}),
    }
    return formengine.merge(library({"shop": shop, "staff": staff}, forms), "try")


A, B = Source("a", "甲栏", "n"), Source("b", "乙栏", "n")


def finding(pointer, path, code="required", source=A, reads=(), **more):
    return Finding(
        pointer,
        path,
        code,
        {
            "title": path,
            "verb": "填写",
            "wanted": "文字",
            "limit": 2,
            "actual": 3,
            "hint": "",
            "form": "甲表",
            "label": "甲栏",
            "detail": "",
        },
        source,
        frozenset(reads),
        **more,
    )


def codes(form, *findings):
    return [(issue.pointer, issue.code, issue.because) for issue in gathered(form, list(findings))]


def test_of_several_failures_at_one_place_the_most_telling_is_named(form):
    found = codes(
        form,
        finding("/shop/name", "shop.name", "pattern", rank=9),
        finding("/shop/name", "shop.name", "type", rank=1),
    )
    assert found == [("/shop/name", "type", None)]


def test_whoever_refuses_for_the_same_reason_is_named(form):
    (issue,) = gathered(form, [finding("/shop/name", "shop.name"), finding("/shop/name", "shop.name", source=B)])
    assert [(one["department"], one["label"]) for one in issue.departments] == [("a局", "甲栏"), ("b局", "乙栏")]


def test_for_the_dictionarys_own_limit_whoever_uses_the_value_is_named(form):
    own = Source("", "name", "shop.name", "element")
    (issue,) = gathered(form, [finding("/shop/name", "shop.name", "maxLength", source=own)])
    assert [one["form"] for one in issue.departments] == ["a", "b"]


def test_mistakes_stand_in_the_forms_order(form):
    paths = list(form.fields)
    found = codes(form, *(finding("/" + path.replace(".", "/"), path) for path in reversed(paths)))
    assert [pointer for pointer, _, _ in found] == ["/" + path.replace(".", "/") for path in paths]


def test_a_departments_refusal_that_a_named_mistake_explains_needs_no_line(form):
    named = finding("/shop/name", "shop.name", "type", rank=1)
    weak = finding("/shop/area", "shop.area", "residual", B, ["/shop/name"], rank=90, weak=True)
    assert codes(form, named, weak) == [("/shop/name", "type", None)]
    assert codes(form, weak) == [("/shop/area", "residual", None)]


def test_what_only_follows_from_another_mistake_says_from_which(form):
    first = finding("/shop/kind", "shop.kind", "enum")
    second = finding("/shop/area", "shop.area", reads=["/shop/kind"])
    third = finding("/shop/name", "shop.name", reads=["/shop/area"])
    found = {pointer: because for pointer, _, because in codes(form, third, second, first)}
    assert found == {"/shop/kind": None, "/shop/area": "/shop/kind", "/shop/name": "/shop/kind"}


def test_two_mistakes_that_lead_to_each_other_both_stand(form):
    found = codes(
        form,
        finding("/shop/area", "shop.area", reads=["/shop/kind"]),
        finding("/shop/kind", "shop.kind", reads=["/shop/area"]),
    )
    assert len(found) == 2


@pytest.mark.parametrize(
    ("places", "reads", "wanted"),
    [
        ({"/shop/name": False}, ["/shop/name"], "/shop/name"),
        ({"/shop/place/town": False}, ["/shop/place"], "/shop/place/town"),
        ({"/shop": False}, ["/shop/name"], None),
        ({"/shop": True}, ["/shop/name"], "/shop"),
        ({"/b": False, "/a": False}, ["/b", "/a"], "/a"),
        ({}, ["/a"], None),
    ],
)
def test_a_read_touches_a_mistake_about_the_value_its_part_or_its_whole(places, reads, wanted):
    assert Places(places).touched(reads) == wanted


def test_a_read_does_not_touch_the_mistake_that_it_is_about():
    assert Places({"/a": False, "/a/b": False}).touched(["/a"], but="/a") == "/a/b"


def test_a_list_that_is_none_is_one_mistake_and_not_one_for_each_column(form):
    issues = formengine.validate(form, {"shop": {"name": "甲"}, "staff": "nobody"}, TODAY)
    assert [(issue.pointer, issue.code) for issue in issues] == [("/staff", "type")]
