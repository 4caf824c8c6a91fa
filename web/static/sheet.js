// Filling in a section. When an answer decides what else is asked, or mends a mistake, the page sends itself (and is saved
// on the way); what comes back is worked into the page that stands, so that nothing typed meanwhile is touched.
(() => {
  "use strict";
  const main = document.getElementById("main");
  const sheet = () => document.getElementById("sheet");
  if (!sheet()) return;
  document.documentElement.classList.add("js");

  const goTo = (id) => {
    const target = id && document.getElementById(id);
    if (!target) return false;
    for (let one = target.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    (target.closest(".part, .field, .row, .table") || target).scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
    return true;
  };
  const summary = main.querySelector(".summary[role=alert]");
  if (summary) summary.focus();
  else if (sheet().dataset.focus) goTo(sheet().dataset.focus);
  else if (location.hash) goTo(decodeURIComponent(location.hash.slice(1)));

  // -- what stands in the controls ---------------------------------------------------------------------------------
  const ticks = (one) => one.type === "checkbox" || one.type === "radio";
  const controls = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.matches("input, select, textarea"));
  const key = (one) => one.name + (ticks(one) ? "\0" + one.value : "");
  const state = (one) => (ticks(one) ? one.checked : one.type === "file" ? [...one.files] : one.value);
  const same = (a, b) => (Array.isArray(a) ? a.length === b.length && a.every((file, i) => file === b[i]) : a === b);
  const put = (from, to) => {
    if (ticks(from)) to.checked = from.checked;
    else if (from.type !== "file") to.value = from.value;
    return from.type === "file" || same(state(from), state(to));
  };

  // -- moments at which the page must not change under somebody's hands ---------------------------------------------
  let pressed = false;
  let composing = false;
  let awaiting = [];
  const settled = () => {
    if (pressed || composing) return;
    awaiting.forEach((go) => go());
    awaiting = [];
  };
  const calm = () => new Promise((go) => { if (pressed || composing) awaiting.push(go); else go(); });
  const later = (flag) => () => setTimeout(() => { flag(); settled(); }, 60);
  document.addEventListener("pointerdown", () => { pressed = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, later(() => { pressed = false; }), true);
  document.addEventListener("compositionstart", () => { composing = true; }, true);
  document.addEventListener("compositionend", later(() => { composing = false; }), true);

  // -- sending in the background -------------------------------------------------------------------------------------
  let turn = Number(sheet().elements._turn.value) || 0;
  let busy = false;
  let wanted = "";
  let leaving = false;
  let failures = 0;
  const state_line = document.createElement("p");
  state_line.className = "save-state";
  state_line.setAttribute("role", "status");
  document.body.append(state_line);
  const tell = (text) => { state_line.textContent = text; };

  const send = async (action) => {
    const form = sheet();
    form.elements._turn.value = String(++turn);
    const data = new FormData(form);
    data.set("_action", action);
    const sent = new Map(controls(form).map((one) => [one, state(one)]));
    form.setAttribute("aria-busy", "true");
    const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.redirected && !page.getElementById("sheet")) return null; // submitted elsewhere, or forgotten here
    if (!page.getElementById("sheet") || answer.status >= 500) throw new Error(String(answer.status));
    return { page, sent };
  };

  /** Work the answer into the page; false where something typed since would have no place in it. */
  const apply = ({ page, sent }) => {
    const fresh = page.getElementById("main");
    const places = new Map(controls(page.getElementById("sheet")).map((one) => [key(one), one]));
    const changed = controls(sheet()).filter((one) => !sent.has(one) || !same(sent.get(one), state(one)));
    if (!changed.every((one) => places.has(key(one)) && put(one, places.get(key(one))))) return false;
    const files = [...sent].filter(([one, was]) => one.type === "file" && was.length && !changed.includes(one));
    Idiomorph.morph(main, fresh, {
      callbacks: { beforeAttributeUpdated: (name, node, kind) => !(name === "open" && kind === "remove" && node.tagName === "DETAILS") },
    });
    files.forEach(([one]) => { one.value = ""; }); // they are saved: what was sent is not sent twice
    sheet().elements._turn.value = String(turn);
    return true;
  };

  const run = async () => {
    if (busy || leaving || !wanted || sheet().hasAttribute("data-hold")) return;
    busy = true;
    const action = wanted;
    wanted = "";
    try {
      const answer = await send(action);
      if (!answer) {
        tell("这一页已经不能再保存：申请已经提交，或者本机的记录已经清除。请打开首页的“继续填写、查进度”。");
        return;
      }
      await calm();
      failures = 0;
      tell("");
      if (!leaving && !apply(answer)) {
        wanted = action;
        await new Promise((go) => { setTimeout(go, 300); });
      }
    } catch (error) {
      if (!leaving) {
        wanted = action;
        failures += 1;
        tell("刚才的改动还没有保存：网络不通，或者系统忙。请先不要关闭这一页，稍后会自动再试；也可以按“保存”。");
        await new Promise((go) => { setTimeout(go, Math.min(30000, 1000 * 2 ** failures)); });
      }
    } finally {
      busy = false;
      sheet().removeAttribute("aria-busy");
    }
    run();
  };
  const ask = (action) => { wanted = action; run(); };

  main.addEventListener("change", (event) => {
    const one = event.target;
    if (one.matches(".picker input")) { // a day picked from the calendar is written as if it were typed
      const text = one.closest(".with-picker").querySelector("[data-date]");
      text.value = one.value;
      text.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    if (!one.form || one.form !== sheet()) return;
    if (sheet().hasAttribute("data-review")) ask("recheck");
    else if (one.hasAttribute("data-decides")) ask("refresh");
  });
  main.addEventListener("click", (event) => {
    const link = event.target.closest(".summary a[href^='#']");
    if (link && goTo(decodeURIComponent(link.hash.slice(1)))) event.preventDefault();
  });
  // one answer to one press: a second press while the first is under way is not sent
  document.addEventListener("submit", (event) => {
    if (event.target !== sheet()) return;
    if (leaving) event.preventDefault();
    leaving = true;
    sheet().elements._turn.value = String(++turn);
  });
  window.addEventListener("pageshow", () => { leaving = false; });
})();
