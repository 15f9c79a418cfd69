"""Hypothesis strategies: cell values, formulas whose value Python knows exactly, sheets as many programs write them."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from tests.package_files import HEAD, MAIN, Part, parts_of, zip_of

ROWS, COLUMNS = 8, 5
"""The input cells of a generated sheet: A1 to E8 hold whole numbers."""

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
numbers = st.one_of(
    st.integers(-(10**15), 10**15).map(float),
    st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False, width=64),
)
errors = st.sampled_from(["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"])


@dataclass(frozen=True)
class Expression:
    """A formula and its value: whole numbers, so that no rounding blurs the comparison."""

    text: str
    value: int


@dataclass(frozen=True)
class Sheet:
    """A workbook's bytes, the values that its formulas must get, and its parts."""

    data: bytes
    expected: dict[tuple[int, int], int]


def name_of(row: int, column: int) -> str:
    """A1 address of an input cell."""
    return f"{'ABCDE'[column]}{row + 1}"


@st.composite
def expressions(draw: st.DrawFn, inputs: tuple[tuple[int, ...], ...], depth: int = 3) -> Expression:
    """A formula over the inputs: sums, differences, products, SUM, MAX, MIN, COUNT, IF."""
    kind = draw(
        st.sampled_from(
            ["cell", "number", "range", "operation", "operation", "choice"] if depth else ["cell"]
        )
    )
    if kind == "number":
        number = draw(st.integers(0, 99))
        return Expression(str(number), number)
    row, column = draw(st.integers(0, ROWS - 1)), draw(st.integers(0, COLUMNS - 1))
    if kind == "cell":
        sign = draw(st.sampled_from(["", "$"]))
        return Expression(f"{sign}{name_of(row, column)}", inputs[row][column])
    if kind == "range":
        last, right = draw(st.integers(row, ROWS - 1)), draw(st.integers(column, COLUMNS - 1))
        cells = [inputs[r][c] for r in range(row, last + 1) for c in range(column, right + 1)]
        function, value = draw(
            st.sampled_from(
                [("SUM", sum(cells)), ("MAX", max(cells)), ("MIN", min(cells)), ("COUNT", len(cells))]
            )
        )
        return Expression(f"{function}({name_of(row, column)}:{name_of(last, right)})", value)
    left = draw(expressions(inputs, depth - 1))
    right_side = draw(expressions(inputs, depth - 1))
    if kind == "choice":
        value = max(right_side.value, left.value)
        return Expression(f"IF({left.text}>{right_side.text},{left.text},{right_side.text})", value)
    sign = draw(st.sampled_from("+-*"))
    value = {"+": left.value + right_side.value, "-": left.value - right_side.value}.get(
        sign, left.value * right_side.value
    )
    return Expression(f"({left.text}){sign}({right_side.text})", value)


@st.composite
def stored(draw: st.DrawFn) -> tuple[str, str]:
    """(type attribute, what stands after the formula): some old result of any kind, or none."""
    kind = draw(st.sampled_from(["none", "number", "text", "bool", "error", "empty"]))
    if kind == "none":
        return "", ""
    if kind == "number":
        return draw(st.sampled_from(["", ' t="n"'])), f"<v>{draw(numbers)!r}</v>"
    if kind == "text":
        space = draw(st.sampled_from(["", ' xml:space="preserve"']))
        return ' t="str"', f"<v{space}>{escape(draw(texts))}</v>"
    if kind == "bool":
        return ' t="b"', f"<v>{draw(st.integers(0, 1))}</v>"
    if kind == "error":
        return ' t="e"', f"<v>{draw(errors)}</v>"
    return ' t="str"', draw(st.sampled_from(["<v></v>", "<v/>"]))


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """A workbook of one sheet: inputs, formulas with stale values beside them, in the spelling of some program."""
    row_of = st.tuples(*[st.integers(-50, 50)] * COLUMNS)
    inputs = draw(st.tuples(*[row_of] * ROWS))
    prefix = draw(st.sampled_from(["", "", "x:"]))
    blank = draw(st.sampled_from(["", "\n  ", "\r\n", "<!-- nota -->"]))
    quote = draw(st.sampled_from(['"', "'"]))
    expected: dict[tuple[int, int], int] = {}
    rows = []
    for row in range(ROWS):
        cells = [
            f"<{prefix}c "
            f"r={quote}{name_of(row, column)}{quote}><{prefix}v>{inputs[row][column]}</{prefix}v></{prefix}c>"
            for column in range(COLUMNS)
        ]
        for column in range(COLUMNS, COLUMNS + draw(st.integers(0, 2))):
            formula = draw(expressions(inputs))
            kind, value = draw(stored())
            style = draw(st.sampled_from(["", ' s="0"', ' cm="0" s="0"']))
            style = style.replace(' cm="0"', "")
            address = f"{'ABCDEFG'[column]}{row + 1}"
            attributes = "".join(draw(st.permutations([f' r="{address}"', style, kind])))
            extra = draw(st.sampled_from(["", "", f"<{prefix}extLst/>"]))
            value = value.replace("<v", f"<{prefix}v").replace("</v", f"</{prefix}v")
            cells.append(
                f"<{prefix}c{attributes}>{blank}<{prefix}f>{escape(formula.text)}</{prefix}f>{blank}{value}{extra}"
                f"</{prefix}c>"
            )
            expected[row + 1, column + 1] = formula.value
        spans = draw(st.sampled_from(["", ' spans="1:7"', ' ht="15" customHeight="1"']))
        rows.append(f'<{prefix}row r="{row + 1}"{spans}>{blank.join(cells)}</{prefix}row>')
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    after = draw(
        st.sampled_from(["", "<{0}pageMargins left='1'/>", "<{0}extLst><{0}ext uri='x'/></{0}extLst>"])
    )
    xml = (
        f'{HEAD}<{prefix}worksheet {name}="{MAIN}"><{prefix}sheetData>{blank.join(rows)}</{prefix}sheetData>'
        f"{after.format(prefix)}</{prefix}worksheet>"
    )
    extra_parts: dict[str, Part] = {"xl/media/image1.png": b"\x89PNG" + draw(st.binary(max_size=40))}
    parts = parts_of(xml, extra=extra_parts)
    order = draw(st.permutations(list(parts))) if draw(st.booleans()) else list(parts)
    return Sheet(zip_of({part: parts[part] for part in order}, draw(st.sampled_from([0, 8]))), expected)
