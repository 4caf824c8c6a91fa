"""A row is a scope: its own columns, and behind them the answers around its list."""

from formengine.paths import MISSING
from formengine.rows import Cells, open_row, row_ids

AROUND = {"shop.kind": "c", "staff.name": "not a column of a row"}


def test_a_row_reads_its_columns_and_what_stands_around_its_list():
    row = Cells(AROUND, "staff")
    row.columns["staff.age"] = 30
    assert row.get("staff.age") == 30
    assert row.get("shop.kind") == "c"
    assert row.get("shop.none", MISSING) is MISSING


def test_a_column_that_a_row_does_not_have_is_looked_up_nowhere_else():
    assert Cells(AROUND, "staff").get("staff.name", MISSING) is MISSING


def test_a_list_whose_name_begins_alike_is_another_list():
    assert Cells({"staff_more.x": 1}, "staff").get("staff_more.x") == 1


def test_a_department_numbers_a_row_anew_without_changing_it():
    row = Cells(AROUND, "staff", 4)
    row.columns["staff.age"] = 30
    first = row.at(0)
    assert (first.place, first.get("staff.age"), first.get("shop.kind")) == (0, 30, "c")
    assert row.place == 4
    assert row.at(4) is row


def test_a_row_knows_its_index_its_id_and_both_of_its_scopes():
    row = open_row(2, "r3", {"age": 1}, "staff", {"a": 1}, {"b": 2})
    assert (row.index, row.id, row.raw) == (2, "r3", {"age": 1})
    assert (row.stored.get("a"), row.values.get("b")) == (1, 2)
    assert row.stored.row is row
    assert row.values.at(0).row is row


def test_no_two_rows_have_one_id():
    given = [{"id": "1"}, {"id": "1"}, {}, {"id": "#5"}, {"id": "#5"}, {"id": 7}, 3]
    found = row_ids(given)
    assert found == ["1", "#2", "#3", "#5", "##5", "#6", "#7"]
    assert len(set(found)) == len(given)
