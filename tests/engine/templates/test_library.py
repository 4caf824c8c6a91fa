"""The library answers where things stand."""

import pytest


@pytest.mark.parametrize(
    ("path", "element", "keys"),
    [
        ("premises.address.town", "premises.address", ("town",)),
        ("premises.address", "premises.address", ()),
        ("staff", "staff", ()),
        ("facts.entity_kind", "facts.entity_kind", ()),
        ("materials.lease.copy", "materials.lease", ("copy",)),
        ("own.food-business-licence.seats", "own.food-business-licence.seats", ()),
        ("own.food-business-licence.place.town", "own.food-business-licence.place", ("town",)),
    ],
)
def test_a_path_is_the_element_and_the_keys_inside_its_value(real, path, element, keys):
    assert real.locate(path) == (element, keys)
