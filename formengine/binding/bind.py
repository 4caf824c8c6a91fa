"""Building bindings: from what ``x-element`` says to one of the classes of ``bindings``, one builder for each kind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..algebra.jsonvalue import Schema, words_of
from ..conditions import FALSE, TRUE, Cond
from ..errors import BindingError
from ..paths import MISSING
from .base import Binding, Env, Issued
from .bindings import Constant, Element, Map, Office, Option, Unit
from .composed import Choose, Derive, Join, Rows
from .functions import FUNCTIONS

KINDS = ("element", "map", "join", "unit", "option", "choose", "rows", "derive", "constant", "office", "own")


def bind(spec: object, env: Env, *, code: str = "", schema: Schema = True) -> Binding:
    """Build the binding that ``x-element`` describes; raises ``BindingError``."""
    if isinstance(spec, str):
        return _bind_element(spec, env)
    if not isinstance(spec, dict) or len(kinds := [k for k in KINDS if k in spec]) != 1:
        raise BindingError("binding", f"x-element 须是数据元编号，或恰好含 {'、'.join(KINDS)} 之一")
    builder: Callable[..., Binding] = _BUILDERS[kinds[0]]
    return builder(spec[kinds[0]], env, code, schema)


def _bind_element(path: str, env: Env) -> Binding:
    element, inner = env.library.locate(path)
    if element in env.static and not inner:
        return Constant(env.static[element], element)
    if element in env.issued:
        return Issued(element, *env.issued[element], Element(element, inner) if inner else None)
    known = element in env.library.elements or element in env.library.lists
    if not known and not element.startswith(("facts.", "own.", "materials.")):
        raise BindingError("element", f"数据字典里没有“{path}”")
    known_parts = env.library.elements[element].raw.get("properties", {}) if element in env.library.elements else {}
    return Element(element, inner, tuple(known_parts))


def _bind_map(spec: Any, env: Env, code: str, schema: Schema) -> Binding:
    path = spec["element"]
    element = env.library.elements.get(path)
    if element is None:
        raise BindingError("element", f"数据字典里没有“{path}”")
    pairs = tuple(element.options.items()) if spec["codes"] == "titles" else tuple(spec["codes"].items())
    boolean = element.schema.get("type") == "boolean"
    if boolean:
        pairs = tuple((e in (True, "true"), c) for e, c in pairs)
    if path in env.static:
        value = dict(pairs).get(env.static[path], MISSING)
        if value is MISSING:
            raise BindingError("map", f"“{path}”的值 {env.static[path]} 没有对应的部门代码")
        return Constant(value, path)
    made = Map(path, pairs, element.schema.get("type") == "array")
    return Issued(path, *env.issued[path], made) if path in env.issued else made


def _bind_join(spec: Any, env: Env, code: str, schema: Schema) -> Binding:
    if "address" in spec:
        return Join((_bind_element(spec["address"], env),), "")
    return Join(tuple(_bind_part(part, env) for part in spec["parts"]), spec.get("separator", ""))


def _bind_part(part: object, env: Env) -> Binding:
    if isinstance(part, dict) and "titles" in part:
        return _bind_map({"element": part["titles"], "codes": "titles"}, env, "", True)
    if isinstance(part, dict) and "text" in part:
        return Constant(part["text"])
    return bind(part, env)


def _bind_unit(spec: Any, env: Env, code: str, schema: Schema) -> Binding:
    _bind_element(spec["element"], env)
    known = env.library.elements[spec["element"]].schema
    numeric = isinstance(known, dict) and known.get("type") in ("number", "integer")
    factor = Decimal(str(spec.get("multiply", 1)))
    made = Unit(spec["element"], factor, spec.get("decimals"), spec.get("as", "number"), numeric)
    return _settled(made, env)


def _settled(made: Unit | Option, env: Env) -> Binding:
    """A binding of one element where the case fixes the element, or a licence will yield it."""
    if made.path in env.static:
        return Constant(made.value({made.path: env.static[made.path]}), made.path)
    return Issued(made.path, *env.issued[made.path], made) if made.path in env.issued else made


def _bind_option(spec: Any, env: Env, code: str, schema: Schema) -> Binding:
    _bind_element(spec["element"], env)
    return _settled(Option(spec["element"], spec["code"], spec.get("yes", True), spec.get("no", False)), env)


def _bind_choose(spec: Any, env: Env, code: str, schema: Schema) -> Binding:
    cases: list[tuple[Cond, Binding]] = []
    for case in spec:
        when = env.settle(env.library.condition(case["when"])) if "when" in case else TRUE
        if when == FALSE:
            continue
        cases.append((when, bind(case["then"], env, code=code, schema=schema)))
        if when == TRUE:
            break
    if len(cases) == 1 and cases[0][0] == TRUE:
        return cases[0][1]
    return Choose(tuple(cases)) if cases else Office("no case applies")


def _bind_derive(spec: Any, env: Env, code: str, schema: Schema) -> Binding:
    if spec["function"] not in FUNCTIONS:
        raise BindingError("function", f"没有名为“{spec['function']}”的函数；现有：{'、'.join(FUNCTIONS)}")
    sources = tuple(bind(source, env) for source in spec.get("from", ()))
    params = tuple(sorted((k, v) for k, v in spec.items() if k not in ("function", "from")))
    return Derive(spec["function"], sources, params, str(words_of(schema).get("type", "string")))


def _bind_constant(spec: object, env: Env, code: str, schema: Schema) -> Binding:
    return Constant(spec)


def _bind_office(spec: object, env: Env, code: str, schema: Schema) -> Binding:
    return Office(str(spec))


def _bind_own(spec: object, env: Env, code: str, schema: Schema) -> Binding:
    return Element(f"own.{env.form}.{code}")


def _bind_named(spec: Any, env: Env, code: str, schema: Schema) -> Binding:
    return _bind_element(spec, env)


def _bind_rows(spec: Any, env: Env, code: str, schema: Schema) -> Binding:
    name = spec["list"]
    if name not in env.library.lists:
        raise BindingError("element", f"数据字典里没有名为“{name}”的列表")
    where = env.settle(env.library.condition(spec["where"])) if spec.get("where") else TRUE
    items = words_of(schema).get("items", {})
    columns = tuple(
        (column, bind(node.get("x-element"), env, code=column, schema=node))
        for column, node in items.get("properties", {}).items()
        if isinstance(node, dict)
    )
    return Rows(name, where, columns)


_BUILDERS: dict[str, Any] = {
    "element": _bind_named,
    "map": _bind_map,
    "join": _bind_join,
    "unit": _bind_unit,
    "option": _bind_option,
    "choose": _bind_choose,
    "rows": _bind_rows,
    "derive": _bind_derive,
    "constant": _bind_constant,
    "office": _bind_office,
    "own": _bind_own,
}
