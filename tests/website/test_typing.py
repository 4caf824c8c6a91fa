"""Typed in a real browser while the server answers, at once or slowly: nothing is lost, nobody is in their own way."""

from __future__ import annotations

import json

import pytest

from web.form.sheet import Sheet

from .applicant import Intent
from .browser import DESK, PHONE, BrowserApplicant
from .server import Server, fill_behind

SLOWLY = """(() => {
  const real = window.fetch;
  window.fetch = (...all) => real(...all).then((answer) => new Promise((go) => setTimeout(() => go(answer), %d)));
})()"""
KEY_MS = 150
STANDING = """page => [...page.querySelectorAll('#sheet :is(input, select, textarea)[name]:not([type=hidden])')]
  .map(c => [c.name, /checkbox|radio/.test(c.type) ? `${c.value}:${c.checked}` : c.files ? `` : c.value])"""
STANDING_AT = f"""async (address) => ({STANDING})(
  new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html'))"""
IDLE = "() => !document.querySelector('#sheet[aria-busy]')"


@pytest.fixture(scope="module")
def site(new_database):
    """A running site for all these tests: each begins a case of its own."""
    server = Server(new_database("sqlite"))
    yield server
    server.kill()


def begun(site, visit, answers_of, scenario="catering", delay=0, size=DESK, **facts):
    """A case begun in a browser whose background answers take ``delay`` ms: ``(page, person, intent)``."""
    form, answers = answers_of(scenario, 3, **facts)
    page = visit(size)
    page.add_init_script(SLOWLY % delay)
    person = BrowserApplicant(page, site.base, scenario)
    person.look = lambda: page.wait_for_load_state()
    person.begin(form.facts)
    return page, person, Intent(Sheet(form), answers)


def idle(page):
    """Wait until nothing is under way."""
    page.wait_for_timeout(100)
    page.wait_for_function(IDLE, timeout=20_000)
    page.wait_for_timeout(50)
    page.wait_for_function(IDLE, timeout=20_000)


def standing(page):
    """What stands in every control of the page, by name."""
    return page.evaluate(f"() => ({STANDING})(document)")


def texts(page):
    """The lines that can be typed into and are seen, at most two of them."""
    lines = page.locator("#sheet :is(input:not([type]), textarea):visible")
    return [lines.nth(i) for i in range(min(2, lines.count()))]


@pytest.mark.parametrize("delay", [600, *(pytest.param(ms, marks=pytest.mark.long) for ms in (0, 300, 1500))])
def test_nothing_typed_ticked_or_chosen_is_lost_while_the_server_answers(site, visit, answers_of, delay):
    page, person, _ = begun(site, visit, answers_of, delay=delay, entity_kind="individual", holds_licence=False)
    sections = [a.get_attribute("href") for a in page.locator("ol.tasks a").all()]
    for address in sections[:-1]:
        page.goto(person.base + address)
        meant = enter_quickly(page)
        idle(page)
        found = standing(page)
        for name, value in meant.items():
            assert [name, value] in found, (address, name, value)
        with page.expect_navigation():
            page.locator("button[name='_action'][value='next']:not(.default-action)").click()
        assert "另一个窗口刚刚改过" not in page.content(), address
        saved = page.evaluate(STANDING_AT, person.base + address)
        for name, value in meant.items():
            assert [name, value] in saved, (address, name, value, "saved")


def enter_quickly(page):
    """Decide something, and go on at once with all else; returns what now has to stand."""
    meant = {}
    for add in page.locator("button[value^='add:']").all()[:1]:
        if not page.locator("#sheet :is(input:not([type]), textarea):visible").count():
            with page.expect_navigation():
                add.click()
    decider = page.locator("#sheet [data-decides]:is([type=radio], [type=checkbox]):visible:not(:checked)")
    if decider.count():
        name, value = (decider.first.get_attribute(which) for which in ("name", "value"))
        page.locator(f"#sheet [name='{name}'][value='{value}']").check()
        meant[name] = f"{value}:true"
    files = page.locator("#sheet input[type=file]:visible")
    if files.count():
        files.first.set_input_files({"name": "示例.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 demo"})
    for line in texts(page):
        name = line.get_attribute("name")
        line.press("ControlOrMeta+a")
        line.press_sequentially("123", delay=KEY_MS)
        meant[name] = "123"
    boxes = page.locator("#sheet [type=checkbox]:not([data-decides], [name$='/drop']):visible:not(:checked)")
    if boxes.count():
        name, value = (boxes.first.get_attribute(which) for which in ("name", "value"))
        page.locator(f"#sheet [name='{name}'][value='{value}']").check()
        meant.setdefault(name, f"{value}:true")
    return meant


def test_composing_chinese_is_not_cut_short_by_an_answer(site, visit, answers_of):
    page, person, _ = begun(site, visit, answers_of, delay=300)
    page.goto(person.base + "/apply/catering/entity")
    page.locator("#sheet [data-decides][type=radio]:visible:not(:checked)").first.check()
    page.focus("[name='entity.name']")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "yong", "selectionStart": 4, "selectionEnd": 4})
    page.wait_for_timeout(900)
    assert page.input_value("[name='entity.name']") == "yong"
    session.send("Input.insertText", {"text": "永康"})
    idle(page)
    assert page.input_value("[name='entity.name']") == "永康"
    assert page.evaluate("document.activeElement.name") == "entity.name"


def test_a_field_that_an_answer_takes_away_keeps_what_was_typed_for_when_it_comes_back(site, visit, answers_of):
    page, person, _ = begun(site, visit, answers_of, delay=600, entity_kind="individual", holds_licence=False)
    page.goto(person.base + "/apply/catering/agent")
    yes, no = (page.locator(f"[name='agent.appointed'][value='{v}']") for v in ("yes", "no"))
    person.open_folds()
    yes.check()
    idle(page)
    no.check()
    page.locator("[name='agent.name']").press_sequentially("示例代理", delay=KEY_MS)
    idle(page)
    yes.check()
    idle(page)
    assert page.input_value("[name='agent.name']") == "示例代理"


def test_an_answer_that_fails_is_told_and_tried_again(site, visit, answers_of):
    page, person, _ = begun(site, visit, answers_of)
    page.goto(person.base + "/apply/catering/entity")
    page.context.set_offline(True)
    page.fill("[name='entity.name']", "永康市示例店")
    page.locator("#sheet [data-decides][type=radio]:visible:not(:checked)").first.check()
    page.wait_for_selector(".save-state:has-text('还没有保存')")
    page.context.set_offline(False)
    page.wait_for_selector(".save-state:empty", state="attached", timeout=20_000)
    assert page.input_value("[name='entity.name']") == "永康市示例店"
    page.goto(person.base + "/apply/catering/entity")
    assert page.input_value("[name='entity.name']") == "永康市示例店"


def test_a_page_whose_case_was_submitted_elsewhere_says_so(site, visit, answers_of, real):
    page, person, intent = begun(site, visit, answers_of)
    fill_behind(site, real, page.locator("p.code").inner_text(), intent.answers)
    page.goto(person.base + "/apply/catering/entity")
    other = page.context.new_page()
    other.goto(person.base + "/apply/catering/sign-off")
    elsewhere = BrowserApplicant(other, site.base, "catering")
    elsewhere.enter(intent)
    with other.expect_navigation(url="**/cases/*"):
        other.get_by_role("button", name="签署并提交").click()
    person.open_folds()
    page.locator("#sheet [data-decides][type=radio]:visible:not(:checked)").first.check()
    page.wait_for_selector(".save-state:has-text('已经不能再保存')")


def test_an_answer_overtaken_by_a_later_one_is_not_written_over_it(site, visit, answers_of):
    page, person, _ = begun(site, visit, answers_of)
    page.goto(person.base + "/apply/catering/entity")
    page.fill("[name='entity.name']", "先填的名称")
    first = page.evaluate(
        "() => [...new FormData(document.getElementById('sheet'))].filter(([, v]) => typeof v === 'string')"
    )
    page.fill("[name='entity.name']", "后填的名称")
    with page.expect_navigation():
        page.locator("button[name='_action'][value='next']:not(.default-action)").click()
    status = page.evaluate(
        """async ([address, pairs]) => {
          const data = new FormData(); pairs.forEach(([k, v]) => data.append(k, v)); data.set('_action', 'refresh');
          return (await fetch(address, {method: 'POST', body: data})).status;
        }""",
        [person.base + "/apply/catering/entity", first],
    )
    assert status == 200
    page.goto(person.base + "/apply/catering/entity")
    assert page.input_value("[name='entity.name']") == "后填的名称"


def test_half_a_date_stays_and_is_called_incomplete(site, visit, answers_of):
    page, person, intent = begun(site, visit, answers_of)
    page.goto(person.base + "/apply/catering/sign")
    person.enter(intent)
    for typed, lacks in (("03-08", "年份"), ("2026", "月和日"), ("2026-03", "缺日"), ("2026年3月", "缺日")):
        page.fill("[name='sign.install_date']", typed)
        with page.expect_navigation():
            page.locator("button[name='_action'][value='next']:not(.default-action)").click()
        assert page.input_value("[name='sign.install_date']") == typed
        assert lacks in page.locator("#f-sign\\.install_date-error1").inner_text()
        assert "不完整" in page.locator("#f-sign\\.install_date-error1").inner_text()


def test_a_day_can_be_picked_from_the_calendar(site, visit, answers_of):
    page, person, _ = begun(site, visit, answers_of)
    page.goto(person.base + "/apply/catering/sign")
    picker = page.locator(".with-picker:has([name='sign.install_date']) .picker input")
    picker.evaluate("one => { one.value = '2027-03-08'; one.dispatchEvent(new Event('change', { bubbles: true })); }")
    assert page.input_value("[name='sign.install_date']") == "2027-03-08"


def test_a_mistake_that_is_mended_leaves_the_summary_and_the_rest_stays_in_the_order_of_the_page(
    site, visit, answers_of
):
    page, person, _ = begun(site, visit, answers_of)
    page.goto(person.base + "/apply/catering/entity")
    with page.expect_navigation():
        page.locator("button[name='_action'][value='next']:not(.default-action)").click()
    before = page.locator(".summary li").count()
    assert before > 2
    anchors = page.locator(".summary li a").evaluate_all("all => all.map(a => a.hash.slice(1))")
    places = page.evaluate(
        "ids => ids.map(id => document.getElementById(id).getBoundingClientRect().top + scrollY)", anchors
    )
    assert places == sorted(places)
    page.fill("[name='entity.name']", "永康市示例餐饮店")
    page.press("[name='entity.name']", "Tab")
    page.wait_for_function(f"() => document.querySelectorAll('.summary li').length < {before}")
    assert page.locator(".field:has([name='entity.name']) .error").count() == 0


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_jump_from_the_summary_shows_the_title_and_takes_the_focus(site, visit, answers_of, size):
    page, person, _ = begun(site, visit, answers_of, size=size)
    page.goto(person.base + "/apply/catering/premises")
    with page.expect_navigation():
        page.locator("button[name='_action'][value='next']:not(.default-action)").click()
    for link in page.locator(".summary li a").all():
        anchor = link.get_attribute("href")[1:]
        link.click()
        page.wait_for_timeout(30)
        seen = page.evaluate(
            """id => {
              const one = document.getElementById(id), box = one.closest('.part, .field, .row, .table') || one;
              const title = (box.querySelector('label, legend') || box).getBoundingClientRect();
              return [document.activeElement === one, title.top >= 0 && title.bottom <= innerHeight];
            }""",
            anchor,
        )
        assert seen == [True, True], anchor


def test_fields_about_oneself_say_their_purpose(site, visit, answers_of):
    page, person, _ = begun(site, visit, answers_of, entity_kind="individual", holds_licence=False)
    found = {}
    for section in ("people", "premises", "entity"):
        page.goto(f"{person.base}/apply/catering/{section}")
        pairs = page.locator("#sheet input[autocomplete]").evaluate_all("all => all.map(c => [c.name, c.autocomplete])")
        found.update(pairs)
    assert found["operator.name"] == "section-operator name"
    assert found["operator.mobile"] == "section-operator tel"
    assert found["entity.email"] == "section-entity email"
    assert found["premises.address/province"] == "section-premises address-level1"
    assert json.dumps(found).count("off") < len(found)


def test_who_signs_sees_what_another_device_changed(site, visit, answers_of, real):
    page, person, intent = begun(site, visit, answers_of)
    fill_behind(site, real, page.locator("p.code").inner_text(), intent.answers)
    page.goto(person.base + "/apply/catering/sign-off")
    person.enter(intent)
    other = page.context.new_page()
    other.goto(person.base + "/apply/catering/entity")
    other.fill("[name='entity.name']", "永康市另一家示例店")
    with other.expect_navigation():
        other.locator("button[name='_action'][value='next']:not(.default-action)").click()
    with page.expect_navigation():
        page.get_by_role("button", name="签署并提交").click()
    told = page.locator(".summary").inner_text()
    assert "还没有签署" in told
    assert "永康市另一家示例店" in told
    assert intent.answers["entity"]["name"] in told
    person.enter(intent)
    with page.expect_navigation(url="**/cases/*"):
        page.get_by_role("button", name="签署并提交").click()
