"""What can be wrong with a request about a case; the tree is drawn in the package's docstring."""

from __future__ import annotations

from formengine import Issue

from .changes import Change


class CaseError(Exception):
    """Something about a case cannot be done."""


class NoSuchCase(CaseError):
    """No case opens with this code or number."""


class AlreadySent(CaseError):
    """The case is submitted; its answers no longer change."""

    def __init__(self, number: str) -> None:
        super().__init__("这件申请已经提交")
        self.number = number


class NotComplete(CaseError):
    """It cannot be submitted; ``issues`` says why."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(f"还有 {len(issues)} 处需要填写或改正")
        self.issues = issues


class NotSeen(CaseError):
    """What was signed is not what the signer was shown; ``changes`` are the fields that differ, as far as known."""

    def __init__(self, changes: list[Change]) -> None:
        super().__init__("签署的内容在别处改过")
        self.changes = changes


class NoTemplates(CaseError):
    """The templates that a case answers are not kept, or what they ask of it has no meaning any more."""


class BadUpload(CaseError):
    """A file that is not taken; the message says why and what to do."""
