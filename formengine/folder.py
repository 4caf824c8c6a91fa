"""Files that are there whole or not at all: one by itself, or a folder with the filings of one case, never of two."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from .errors import FormEngineError

MANIFEST = "manifest.json"


def write_bytes(path: Path, data: bytes) -> None:
    """Write a whole file or nothing: a half-written one never takes the name."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def replace_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files of one split, the manifest among them, in place of those that an earlier split left.

    Everything is written beside the folder first, so that a write that fails changes nothing. Raises
    ``FormEngineError`` where the folder holds files that no split wrote: they are not ours to remove.
    """
    known = _earlier(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".writing-"))
    try:
        os.chmod(made, 0o755)
        for name, data in files.items():
            (made / name).write_bytes(data)
        _swap(made, folder, known)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _earlier(folder: Path) -> set[str]:
    """The files of an earlier split in the folder."""
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise FormEngineError(f"{folder} 不是文件夹")
    there = {path.name for path in folder.iterdir()}
    known = _listed(folder / MANIFEST) if MANIFEST in there else set()
    others = sorted(there - known)
    if others:
        shown = "、".join(others[:5]) + (" 等" if len(others) > 5 else "")
        raise FormEngineError(f"文件夹 {folder} 里有不是拆表写出的文件（{shown}），没有写；请换一个空文件夹")
    return known


def _listed(manifest: Path) -> set[str]:
    """The files that a manifest names, itself included; none where it cannot be read."""
    try:
        filings = json.loads(manifest.read_text("utf-8"))["filings"].values()
        return {MANIFEST, *(name for filing in filings for name in filing["files"])}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()


def _swap(made: Path, folder: Path, known: set[str]) -> None:
    """Put the new folder where the old one is; where that one is somebody's working folder, its files one by one."""
    if folder.is_symlink() or (folder.exists() and folder.resolve() == Path.cwd()):
        for name in [MANIFEST, *sorted(known - {MANIFEST})]:
            (folder / name).unlink(missing_ok=True)
        for path in sorted(made.iterdir(), key=lambda path: path.name == MANIFEST):
            os.replace(path, folder / path.name)
        return
    old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".replaced-"))
    try:
        if folder.exists():
            os.rename(folder, old)
        os.rename(made, folder)
    finally:
        shutil.rmtree(old, ignore_errors=True)
