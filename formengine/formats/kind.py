"""What a format is: a shape, rules that look inside it, and sentences that say why a value is refused."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from .writing import one_writing

Predicate = Callable[[str], bool]
Rules = tuple[tuple[Predicate, str], ...]
Hints = tuple[tuple[str, str], ...]
_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


@dataclass(frozen=True)
class Format:
    """One format: ``shape`` and then ``rules`` decide; ``hints`` and ``expected`` explain what has not the shape."""

    name: str
    title: str
    source: str
    shape: re.Pattern[str]
    expected: str
    generate: Callable[[Random], str]
    rules: Rules = ()
    hints: Hints = ()
    lengths: tuple[int, ...] = ()
    upper: bool = True
    drop: str = ""
    rewrite: Callable[[str], str] | None = None
    narrow: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """The format as ECMA-262 patterns, for a judge that does not know it: together they take exactly what has the
        shape and is written with real dates; what a check digit says is beyond them."""
        return self.narrow or (f"^(?:{self.shape.pattern})$",)

    @property
    def beyond(self) -> str:
        """The rule that no pattern says: a check digit; empty where the patterns say all."""
        return next((sentence for _, sentence in self.rules if "校验" in sentence), "")

    def check(self, text: str) -> bool:
        """Whether ``text`` is a value of this format, exactly as written (nothing is normalised)."""
        if self.shape.fullmatch(text) is None:
            return False
        for holds, _ in self.rules:  # noqa: SIM110 - a generator would double the cost of the commonest call there is
            if not holds(text):
                return False
        return True

    def explain(self, text: str) -> str:
        """A Chinese sentence that says why ``text`` is refused and what to do; empty where it is accepted."""
        if self.check(text):
            return ""
        if not text.strip():
            return f"请填写{self.title}。"
        if self.shape.fullmatch(text):
            return next(sentence for holds, sentence in self.rules if not holds(text))
        if self.check(self.normalise(text)):
            letters = "和大写字母" if self.upper else "和字母"
            wanted = "半角数字" + ("" if self.normalise(text).isdigit() else letters)
            return f"{self.title}的字符都对，但写法不对：请改用{wanted}，不要有空格。"
        return self._explain_shape(text)

    def _explain_shape(self, text: str) -> str:
        for pattern, sentence in self.hints:
            if re.fullmatch(pattern, text):
                return sentence
        if self.lengths and len(text) not in self.lengths:
            wanted = "或 ".join(f"{length} " for length in self.lengths)
            return f"{self.title}应为 {wanted}位，现在是 {len(text)} 位。{self.expected}"
        return self.expected

    def normalise(self, text: str) -> str:
        """What a person meant: full-width to half-width, no blanks around, upper case where the format wants it."""
        out = unicodedata.normalize("NFKC", one_writing(text)).strip()
        out = out.translate(_UPPER) if self.upper else out
        out = self.rewrite(out) if self.rewrite else out
        return "".join(char for char in out if char not in self.drop) if self.drop else out
