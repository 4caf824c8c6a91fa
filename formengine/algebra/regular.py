"""Strings that some patterns take and others refuse, found or proved not to exist, in bounded time.

JSON Schema patterns are unanchored searches (ECMA-262). ``greenery`` reads them, after the anchors have become two
code points of their own; the search walks the product of the automata only as far as needed and gives up early.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache

from greenery import parse
from greenery.charclass import Charclass
from greenery.rxelems import Conc, Mult, Pattern

MAX_POSITIONS = 4000
MAX_VISITS = 6000
START, END = chr(0x10FFFE), chr(0x10FFFF)
_LAST = 0x10FFFD
_SPACES = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_DIGITS = (("0", "9"),)
_WORD = (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
_SETS = {"d": _DIGITS, "w": _WORD, "s": tuple((c, c) for c in _SPACES)}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_TOKEN = re.compile(
    r"\\(?:u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)|\[\^?(?:\\.|[^\]\\])+\]"
    r"|\(\?:|\((?!\?)|[)|^$.]|[*+?]\??|\{[0-9]+(?:,[0-9]*)?\}\??|[^\\\[\](){}*+?|^$.]",
    re.S,
)
_ITEM = re.compile(r"\\(?:u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)|.", re.S)
_NICE = (*map(ord, "0aA1中-. _@"), *range(0x21, 0x7F))

Ranges = tuple[tuple[str, str], ...]


MAX_WORK = 150_000


class UndecidedError(Exception):
    """A pattern or a search beyond what this module can decide."""


def _tokens(pattern: str) -> list[str]:
    found, at = [], 0
    while at < len(pattern):
        match = _TOKEN.match(pattern, at)
        if match is None:
            raise UndecidedError(pattern)
        found.append(match.group())
        at = match.end()
    return found


def _escape(token: str) -> Ranges:
    """The characters of one escape outside or inside a class; a negated class is undecided here."""
    letter = token[1]
    if letter in _SETS:
        return _SETS[letter]
    if letter in "ux" and len(token) > 2:
        number = int(token[2:].strip("{}"), 16)
        if number > _LAST or 0xD800 <= number <= 0xDFFF:
            raise UndecidedError(token)
        char = chr(number)
    elif letter in _CONTROLS:
        char = _CONTROLS[letter]
    elif letter.isalnum():
        raise UndecidedError(token)
    else:
        char = letter
    return ((char, char),)


def _class(token: str) -> Charclass:
    body = token[1:-1]
    negated = body.startswith("^")
    items = _ITEM.findall(body[1:] if negated else body)
    ranges: list[tuple[str, str]] = []
    while items:
        first = _item(items.pop(0))
        if len(items) > 1 and items[0] == "-" and len(first) == 1:
            last = _item(items[1])
            if len(last) != 1 or last[0][0] < first[0][0]:
                raise UndecidedError(token)
            del items[:2]
            first = ((first[0][0], last[0][0]),)
        ranges += first
    return Charclass(tuple(ranges), negated)


def _item(item: str) -> Ranges:
    return _escape(item) if item[0] == "\\" else ((item, item),)


def _check_anchors(tokens: list[str]) -> None:
    """Anchors are decided only where no path meets two of a kind: first or last in their branch, not repeated."""
    depth_leads, lead = [], True
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else "|"
        if token == "^" and not lead:
            raise UndecidedError("^ inside")
        if token == "$" and after not in {"|", ")"}:
            raise UndecidedError("$ inside")
        if token in {"(", "(?:"}:
            depth_leads.append((lead, index))
            continue
        if token == ")":
            if not depth_leads:
                raise UndecidedError("unbalanced")
            opened = depth_leads.pop()[1]
            inner = tokens[opened:index]
            if after[0] in "*+{" and ({"^", "$"} & set(inner)):
                raise UndecidedError("repeated anchor")
            if "$" in inner and after not in {"|", ")"}:
                raise UndecidedError("$ inside")
            lead = False
        elif token == "|":
            lead = depth_leads[-1][0] if depth_leads else True
        else:
            lead = False


def _translate(tokens: list[str], dot: Charclass) -> str:
    out = []
    for token in tokens:
        if token == "^":
            out.append(START)
        elif token == "$":
            out.append(END)
        elif token == ".":
            out.append(str(dot))
        elif token[0] == "[":
            out.append(str(_class(token)))
        elif token[0] == "\\":
            out.append(_escape_text(token))
        elif token == "(?:":
            out.append("(")
        elif token in {"(", ")", "|"}:
            out.append(token)
        elif token[0] in "*+?{":
            out.append(token[:-1] if len(token) > 1 and token[-1] == "?" else token)
        else:
            out.append(str(Charclass(((token, token),))))
    return "".join(out)


def _escape_text(token: str) -> str:
    if token[1] in "DWS":
        return str(Charclass(_SETS[token[1].lower()], True))
    return str(Charclass(_escape(token)))


class _Automaton:
    """A nondeterministic automaton (Thompson) for one pattern; state 0 starts, ``final`` accepts."""

    def __init__(self, pattern: str, dot: Charclass) -> None:
        tokens = _tokens(pattern)
        _check_anchors(tokens)
        self.silent: list[list[int]] = [[]]
        self.moves: list[list[tuple[Charclass, int]]] = [[]]
        try:
            tree = parse(_translate(tokens, dot))
        except Exception as reason:
            raise UndecidedError(pattern) from reason
        everything = Charclass("", True)
        self.moves[0].append((everything, 0))
        self.final = self._pattern(tree, 0)
        self.moves[self.final].append((everything, self.final))

    def _new(self) -> int:
        if len(self.silent) >= MAX_POSITIONS:
            raise UndecidedError("too large")
        self.silent.append([])
        self.moves.append([])
        return len(self.silent) - 1

    def _pattern(self, pattern: Pattern, start: int) -> int:
        end = self._new()
        for conc in pattern.concs:
            at = self._new()
            self.silent[start].append(at)
            self.silent[self._conc(conc, at)].append(end)
        return end

    def _conc(self, conc: Conc, at: int) -> int:
        for mult in conc.mults:
            at = self._mult(mult, at)
        return at

    def _mult(self, mult: Mult, at: int) -> int:
        least, most = mult.multiplier.min.v or 0, mult.multiplier.max.v
        for _ in range(least):
            at = self._one(mult.multiplicand, at)
        if most is None:
            loop = self._new()
            self.silent[at].append(loop)
            self.silent[self._one(mult.multiplicand, loop)].append(loop)
            return loop
        end = self._new()
        for _ in range(most - least):
            self.silent[at].append(end)
            at = self._one(mult.multiplicand, at)
        self.silent[at].append(end)
        return end

    def _one(self, what: Charclass | Pattern, at: int) -> int:
        if isinstance(what, Pattern):
            return self._pattern(what, at)
        end = self._new()
        self.moves[at].append((what, end))
        return end

    def closure(self, states: Iterable[int]) -> frozenset[int]:
        """All states reached from these without reading a character."""
        seen, todo = set(states), list(states)
        while todo:
            for state in self.silent[todo.pop()]:
                if state not in seen:
                    seen.add(state)
                    todo.append(state)
        return frozenset(seen)

    def step(self, states: frozenset[int], point: int) -> frozenset[int]:
        """The states after one more character."""
        return self.closure({to for state in states for on, to in self.moves[state] if _holds(on, point)})


@lru_cache(maxsize=100_000)
def _holds(on: Charclass, point: int) -> bool:
    inside = any(low <= point <= high for low, high in on.ord_ranges)
    if point > _LAST:  # a negated class must not swallow an anchor, except the surrounding "anything"
        return inside or bool(on.negated and not on.ord_ranges)
    return inside is not bool(on.negated)


_DOTS = (Charclass("\n", True), Charclass("\n\r\u2028\u2029", True))  # Python and Rust, ECMA-262


@lru_cache(maxsize=2000)
def _automaton(pattern: str, dialect: int) -> _Automaton:
    return _Automaton(pattern, _DOTS[dialect])


def _alphabet(automata: list[_Automaton]) -> list[int]:
    """One character for each set of characters that all the patterns treat alike, pleasant ones first."""
    classes = sorted(
        {on for automaton in automata for moves in automaton.moves for on, _ in moves}, key=lambda c: str(c.ord_ranges)
    )
    if len(classes) > 200:
        raise UndecidedError("too many classes")
    cuts = {0, 0xE000}
    for on in classes:
        for low, high in on.ord_ranges:
            cuts |= {low, high + 1}
    points = [*_NICE, *sorted(cut for cut in cuts if cut <= _LAST and not 0xD800 <= cut <= 0xDFFF)]
    chosen: dict[tuple[bool, ...], int] = {}
    for point in points:
        chosen.setdefault(tuple(_holds(on, point) for on in classes), point)
    return list(chosen.values())


State = tuple[frozenset[int], ...]
_Answer = str | UndecidedError | None


class _Search:
    """Breadth first through the product of automata: the first string found is a shortest one."""

    def __init__(self, wanted: list[_Automaton], barred: list[_Automaton]) -> None:
        self.automata = wanted + barred
        self.wanted = len(wanted)
        self.alphabet = _alphabet(self.automata)
        self.known: dict[tuple[int, frozenset[int], int], frozenset[int]] = {}
        self.work = 0

    def _step(self, states: State, point: int) -> State:
        return tuple(self._move(index, part, point) for index, part in enumerate(states))

    def _move(self, index: int, part: frozenset[int], point: int) -> frozenset[int]:
        key = (index, part, point)
        if key not in self.known:
            self.work += len(part)
            if self.work > MAX_WORK:
                raise UndecidedError("too much work")
            self.known[key] = self.automata[index].step(part, point)
        return self.known[key]

    def _accepts(self, states: State) -> bool:
        ends = self._step(states, ord(END))
        return all(
            (automaton.final in end) == (index < self.wanted)
            for index, (automaton, end) in enumerate(zip(self.automata, ends, strict=True))
        )

    def run(self, least: int, most: int | None) -> Iterator[str]:
        """Every state's first string that is accepted, shortest first."""
        begin = self._step(tuple(a.closure([0]) for a in self.automata), ord(START))
        todo: deque[tuple[State, str]] = deque([(begin, "")])
        seen = {(begin, 0)}
        while todo:
            states, text = todo.popleft()
            if len(text) >= least and self._accepts(states):
                yield text
            if most is not None and len(text) >= most:
                continue
            for point in self.alphabet:
                after = self._step(states, point)
                key = (after, min(len(text) + 1, least))
                if key not in seen and not self._hopeless(after):
                    if len(seen) > MAX_VISITS:
                        raise UndecidedError("too many states")
                    seen.add(key)
                    todo.append((after, text + chr(point)))

    def _hopeless(self, states: State) -> bool:
        barred = states[self.wanted :]
        return any(self.automata[self.wanted + i].final in part for i, part in enumerate(barred))


def find_string(
    wanted: tuple[str, ...], barred: tuple[str, ...], least: int = 0, most: int | None = None
) -> str | None:
    """A shortest string that matches every ``wanted`` pattern and no ``barred`` one, within these lengths.

    ``None`` proves that there is none, whether or not ``.`` matches a carriage return. What is found is to be tried
    on a validator.
    Raises ``UndecidedError`` on patterns that cannot be read (look-around, back references) or that grow too large.
    """
    if most is not None and least > most:
        return None
    if not wanted and not barred:
        return "a" * least
    found = _found(wanted, barred, least, most)
    if isinstance(found, UndecidedError):
        raise found
    return found


@lru_cache(maxsize=10_000)
def _found(wanted: tuple[str, ...], barred: tuple[str, ...], least: int, most: int | None) -> _Answer:
    try:
        for dialect in (0, 1) if any("." in pattern for pattern in wanted + barred) else (0,):
            search = _Search([_automaton(p, dialect) for p in wanted], [_automaton(p, dialect) for p in barred])
            found = next(search.run(least, most), None)
            if found is not None:
                return found
    except UndecidedError as reason:
        return UndecidedError(*reason.args)
    return None
