"""Prints: every value is there, marks stand where they should, nothing is lost across pages, rare characters print."""

import io
import re

import pdfplumber
import pypdfium2
import pytest
from PIL import Image

from formengine.pdf import File, MissingGlyphs, render_filing, render_licence
from formengine.pdf.files import picture_of
from formengine.pdf.fonts import face_for, width
from formengine.pdf.linebreak import NOT_FIRST, NOT_LAST, break_lines


def form(properties, **rest):
    return {
        "title": "试办申请表",
        "x-department": {"id": "d", "title": "试办局"},
        "x-basis": ["试行办法"],
        "properties": properties,
        **rest,
    }


def text_of(data):
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return "".join((page.extract_text() or "") for page in pdf.pages)


def squeezed(text):
    return "".join(text.split())


def test_labels_values_department_and_page_numbers_are_printed():
    data = render_filing(
        form(
            {"mc": {"title": "名称", "type": "string"}, "mj": {"title": "面积", "type": "number", "x-unit": "平方米"}}
        ),
        {"mc": "小店", "mj": 12.5},
    )
    text = squeezed(text_of(data))
    for part in ("试办申请表", "试办局", "名称", "小店", "面积", "12.5平方米", "第1页/共1页"):
        assert part in text


def boxes(data):
    """Every tick box of the first page: ``(x, top, ticked)``, from the drawn lines."""
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        lines = pdf.pages[0].lines
    flat = [ln for ln in lines if abs(ln["top"] - ln["bottom"]) < 0.1 and 8 < ln["x1"] - ln["x0"] < 9]
    corners = sorted({(round(ln["x0"], 1), round(ln["top"], 1)) for ln in flat})
    tops = [c for c in corners if any(abs(c[0] - d[0]) < 0.3 and 8 < d[1] - c[1] < 9 for d in corners)]
    slanted = [ln for ln in lines if abs(ln["x0"] - ln["x1"]) > 0.5 and abs(ln["top"] - ln["bottom"]) > 0.5]
    return [(x, top, any(x <= s["x0"] <= x + 9 and top <= s["top"] <= top + 9 for s in slanted)) for x, top in tops]


def marked_options(data):
    """The words right of ticked boxes, and those right of empty ones."""
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        words = pdf.pages[0].extract_words(keep_blank_chars=True)
    found = {True: [], False: []}
    for x, top, ticked in boxes(data):
        near = [w for w in words if 0 < w["x0"] - x < 14 and abs(w["top"] - top) < 6]
        found[ticked].append(min(near, key=lambda w: w["x0"])["text"])
    return found


OPTIONS = {
    "oneOf": [{"const": "1", "title": "自有"}, {"const": "2", "title": "租赁"}, {"const": "3", "title": "无偿使用"}]
}


@pytest.mark.parametrize(
    ("node", "value", "ticked"),
    [
        ({"title": "取得方式", **OPTIONS}, "2", ["租赁"]),
        ({"title": "是否", "type": "boolean"}, False, ["否"]),
        ({"title": "是否", "type": "boolean"}, True, ["是"]),
        ({"title": "几项", "type": "array", "items": OPTIONS}, ["1", "3"], ["自有", "无偿使用"]),
        ({"title": "没填", **OPTIONS}, None, []),
    ],
)
def test_the_mark_stands_at_the_chosen_option_and_at_no_other(node, value, ticked):
    data = render_filing(form({"x": node}), {} if value is None else {"x": value})
    assert marked_options(data)[True] == ticked
    assert len(marked_options(data)[True] + marked_options(data)[False]) == (2 if node.get("type") == "boolean" else 3)


def test_a_ticked_box_has_more_ink_than_an_empty_one():
    data = render_filing(form({"x": {"title": "取得方式", **OPTIONS}}), {"x": "2"})
    image = pypdfium2.PdfDocument(data)[0].render(scale=4).to_pil().convert("L")
    ink = {}
    for x, top, ticked in boxes(data):
        region = image.crop((int(x * 4 + 4), int(top * 4 + 4), int(x * 4 + 30), int(top * 4 + 30)))
        ink.setdefault(ticked, []).append(sum(255 - p for p in region.tobytes()))
    assert min(ink[True]) > 4 * (max(ink[False]) + 1)


TABLE = {
    "title": "从业人员",
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            c: {"title": c, "type": "string"} for c in ("姓名", "证件号", "户籍地址", "现住址", "职务", "电话")
        },
    },
}


def test_a_table_goes_on_over_pages_with_its_header_and_loses_no_row():
    rows = [
        {
            "姓名": f"人员{i:03d}",
            "证件号": f"33078419900307{i:04d}",
            "户籍地址": f"浙江省金华市永康市东城街道溪中路{i}号3幢2单元",
            "现住址": f"现住{i}",
            "职务": "厨师",
            "电话": "15400000000",
        }
        for i in range(120)
    ]
    data = render_filing(form({"ry": TABLE}), {"ry": rows})
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        pages = [squeezed(p.extract_text()) for p in pdf.pages]
    assert len(pages) >= 4
    whole = "".join(pages)
    for row in rows:
        for value in row.values():
            assert value in whole
    assert all("姓名" in page or "户籍地址" in page or "现住址" in page for page in pages)


def test_a_value_longer_than_a_page_is_printed_whole():
    long = "".join(f"第{i}句话，写得很长。" for i in range(900))
    text = squeezed(text_of(render_filing(form({"fw": {"title": "经营范围", "type": "string"}}), {"fw": long})))
    text = re.sub(r"试办申请表|经营范围|第\d+页/共\d+页", "", text)  # what every page repeats
    assert all(f"第{i}句话" in text for i in range(900))


RARE = "𬎆㛃𠅤䶮龘𫖯赟喆𬭚"


def test_rare_name_characters_print_with_ink_and_can_be_read_back():
    data = render_filing(form({"xm": {"title": "姓名", "type": "string"}}), {"xm": RARE})
    assert RARE in squeezed(text_of(data))
    blank = render_filing(form({"xm": {"title": "姓名", "type": "string"}}), {})
    assert darkness(data) > darkness(blank) + 20_000


def darkness(data):
    return sum(255 - p for p in pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil().convert("L").tobytes())


@pytest.mark.parametrize("bad", ["\x00", "\U0010fffd", "😀"])
def test_a_character_that_no_font_has_is_refused_by_name(bad):
    with pytest.raises(MissingGlyphs) as caught:
        render_filing(form({"xm": {"title": "姓名", "type": "string"}}), {"xm": f"张{bad}三"})
    assert caught.value.characters == [bad]
    assert f"U+{ord(bad):04X}" in str(caught.value)


def test_the_same_input_gives_the_same_bytes():
    one = form({"mc": {"title": "名称", "type": "string"}})
    assert render_filing(one, {"mc": "小店"}) == render_filing(one, {"mc": "小店"})


def test_pending_values_say_that_they_are_still_to_come_and_office_fields_stay_empty():
    node = {"title": "统一社会信用代码", "type": "string"}
    assert "（待核发）" in text_of(render_filing(form({"dm": node}), {}, pending=["dm"]))
    assert "（待核发）" not in text_of(render_filing(form({"dm": node}), {"dm": "91330784MA2DE00172"}, pending=["dm"]))
    assert "受理人意见" in text_of(
        render_filing(form({"yj": {"title": "受理人意见", "x-element": {"office": "受理人意见"}}}), {})
    )


def test_a_declaration_is_printed_with_its_whole_text():
    node = {
        "title": "承诺",
        "type": "boolean",
        "description": "所填内容真实有效，愿承担法律责任。",
        "x-element": {"own": "declaration"},
    }
    assert "所填内容真实有效，愿承担法律责任。" in squeezed(text_of(render_filing(form({"cn": node}), {"cn": True})))


def test_lines_break_by_chinese_rules():
    def measure(text):
        return width(text, 10)

    text = "经营范围：餐饮服务（不含烧烤），住宿；电话010-12345678，代码91330784MA2DE00172。详见《办法》第三条。" * 4
    for most in range(25, 120, 3):
        lines = break_lines(text, measure, most)
        assert "".join(lines) == text
        assert all(measure(line) <= most + 0.01 for line in lines)
        if most > 60:
            assert not [line for line in lines if line[0] in NOT_FIRST or line[-1] in NOT_LAST]
            assert sum("91330784MA2DE00172" in line for line in lines) == 4


def test_every_common_character_has_a_glyph():
    assert all(face_for(chr(c), bold) for c in range(0x4E00, 0x9FA6) for bold in (False, True))
    assert face_for("\U0010fffd", False) is None


LICENCE = {
    "title": "食品经营许可证",
    "properties": {
        "mc": {"title": "经营者名称"},
        "xm": {"title": "经营项目", "type": "array", "items": OPTIONS},
        "fw": {"title": "经营范围"},
    },
    "required": ["mc"],
    "x-page": {"original": {"width_mm": 420, "height_mm": 297}, "duplicate": {"width_mm": 297, "height_mm": 210}},
    "x-footer": "国家市场监督管理总局监制",
}


@pytest.mark.parametrize(("duplicate", "size"), [(False, (420, 297)), (True, (297, 210))])
def test_a_licence_prints_every_caption_and_value_on_its_own_paper(duplicate, size):
    data = render_licence(LICENCE, {"mc": "小店", "xm": ["1", "3"], "fw": "餐饮服务；" * 150}, duplicate=duplicate)
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        assert (round(pdf.pages[0].width * 25.4 / 72), round(pdf.pages[0].height * 25.4 / 72)) == size
        text = squeezed("".join(p.extract_text() for p in pdf.pages))
    for part in ("食品经营许可证", "经营者名称", "小店", "自有、无偿使用", "国家市场监督管理总局监制"):
        assert part in text
    assert text.count("餐饮服务") == 150
    assert ("副本" in text) is duplicate


SIGNED = {"title": "申请人签名", "x-element": {"own": "signature"}, "type": "string", "format": "attachment-id"}
PICTURE = {"title": "效果图", "type": "string", "format": "attachment-id"}
PICTURES = {"title": "照片", "type": "array", "items": {"type": "string", "format": "attachment-id"}}


def drawn(kind="PNG", size=(300, 200), color="#c00000", **more):
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind, **more)
    return out.getvalue()


def pictures_in(data):
    """How many pictures stand on the pages of a PDF."""
    return sum(len(page.images) for page in pdfplumber.open(io.BytesIO(data)).pages)


def test_pictures_and_signatures_are_shown_and_other_files_named():
    files = {
        "att-1": File("招牌.png", "image/png", drawn()),
        "att-2": File("合同.pdf", "application/pdf", b"%PDF-1.4"),
        "att-3": File("示例签名人", "signature", note="2026-11-23 09:30 输入姓名签署"),
        "att-4": File("现场.jpg", "image/jpeg", drawn("JPEG")),
    }
    values = {"a": "att-1", "b": ["att-2", "att-4"], "c": "att-3"}
    one = form({"a": PICTURE, "b": PICTURES, "c": SIGNED})
    data = render_filing(one, values, files=files, materials=[("章程", [files["att-2"]])])
    text = squeezed(text_of(data))
    for named in (
        "招牌.png",
        "合同.pdf",
        "现场.jpg",
        "示例签名人",
        "2026-11-2309:30输入姓名签署",
        "随申请提交的材料",
        "章程",
    ):
        assert named in text
    assert "att-" not in text
    assert pictures_in(data) == 2
    assert data == render_filing(one, values, files=files, materials=[("章程", [files["att-2"]])])


def test_pictures_in_a_table_stand_under_it_by_row():
    table = {"title": "招牌明细", "type": "array", "items": {"properties": {"w": {"title": "名称"}, "p": PICTURE}}}
    files = {f"att-{i}": File(f"图{i}.png", "image/png", drawn()) for i in (1, 2)}
    data = render_filing(form({"t": table}), {"t": [{"w": "甲", "p": "att-1"}, {"w": "乙", "p": "att-2"}]}, files=files)
    assert "第2行：图2.png" in squeezed(text_of(data))
    assert pictures_in(data) == 2


@pytest.mark.parametrize("node", [PICTURE, PICTURES, SIGNED])
def test_an_id_is_never_printed_even_without_its_file(node):
    data = render_filing(form({"a": node}), {"a": ["att-0123456789"] if node is PICTURES else "att-0123456789"})
    assert "att-" not in text_of(data)
    assert "（已签署）" in text_of(data) or "（附件 1 个，另附）" in text_of(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG\r\n\x1a\n", drawn()[:-40], b"\xff\xd8\xff\xe0 not a picture", drawn("JPEG")[:200], b"%PDF-1.4"],
)
def test_a_picture_that_cannot_be_opened_is_named(data):
    for kind in ("image/png", "image/jpeg"):
        made = render_filing(form({"a": PICTURE}), {"a": "att-1"}, files={"att-1": File("坏图.png", kind, data)})
        assert "坏图.png" in squeezed(text_of(made))


def test_a_picture_that_would_fill_the_memory_is_named_without_being_opened():
    header = drawn("PNG", (1, 1))
    huge = header[:16] + (60_000).to_bytes(4, "big") * 2 + header[24:]
    made = render_filing(form({"a": PICTURE}), {"a": "att-1"}, files={"att-1": File("巨图.png", "image/png", huge)})
    assert "巨图.png" in squeezed(text_of(made))
    assert pictures_in(made) == 0


def test_a_photograph_is_printed_upright():
    rotated = Image.Exif()
    rotated[0x0112] = 6
    made = picture_of(File("x.jpg", "image/jpeg", drawn("JPEG", (300, 100), exif=rotated)))
    assert made.width < made.height


def test_names_of_files_print_whatever_is_in_them():
    files = {"att-1": File("😀\u202e图.pdf", "application/pdf"), "att-2": File("李😀", "signature")}
    text = squeezed(
        text_of(render_filing(form({"a": PICTURE, "b": SIGNED}), {"a": "att-1", "b": "att-2"}, files=files))
    )
    assert "〓〓图.pdf" in text
    assert "李〓" in text
