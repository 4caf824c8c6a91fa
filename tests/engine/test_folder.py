"""Files that are there whole or not at all; what no split wrote is never removed."""

import json
import os

import pytest

from formengine.errors import FormEngineError
from formengine.folder import replace_folder, write_bytes


def filings(*names):
    listed = {"filings": {"x": {"files": dict.fromkeys(names, "")}}}
    return {**{name: name.encode() for name in names}, "manifest.json": json.dumps(listed).encode()}


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "a.json"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    write_bytes(path, b"one")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_bytes(path, b"two")
    assert path.read_bytes() == b"one"
    assert os.listdir(tmp_path) == ["a.json"]


def test_an_earlier_split_makes_room_for_a_later_one(tmp_path):
    folder = tmp_path / "out"
    replace_folder(folder, filings("a.json", "b.json"))
    replace_folder(folder, filings("c.json"))
    assert {path.name for path in folder.iterdir()} == {"c.json", "manifest.json"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_no_split_wrote_stays_and_nothing_is_written(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("x")
    with pytest.raises(FormEngineError, match=r"mine\.txt"):
        replace_folder(folder, filings("a.json"))
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(FormEngineError, match="不是文件夹"):
        replace_folder(tmp_path / "out", filings("a.json"))


def test_a_working_folder_is_filled_and_not_moved(tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    replace_folder(folder, filings("a.json"))
    replace_folder(folder, filings("b.json"))
    assert {path.name for path in folder.iterdir()} == {"b.json", "manifest.json"}
