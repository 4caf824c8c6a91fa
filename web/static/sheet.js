// Filling in a section: when an answer decides what else is asked, the server is asked at once (and saves on the way).
(() => {
  "use strict";
  const focusOn = (id) => {
    const target = id && document.getElementById(id);
    if (target) target.focus();
  };
  const summary = document.querySelector(".summary[role=alert]");
  const form = document.getElementById("sheet");
  if (summary) summary.focus();
  else if (form && form.dataset.focus) focusOn(form.dataset.focus);
  if (!form) return;

  let running = null;
  const swap = (fresh) => {
    const active = document.activeElement;
    const place = active && form.contains(active) ? [active.id, active.name, active.value] : null;
    const key = (one) => (one.querySelector("input[name], select[name], textarea[name]") || {}).name;
    const open = [...form.querySelectorAll("details[open]")].map(key);
    form.replaceChildren(...fresh.childNodes);
    form.querySelectorAll("details").forEach((one) => { if (open.includes(key(one))) one.open = true; });
    if (!place) return;
    const same = (place[0] && document.getElementById(place[0])) || [...form.elements].find((one) => one.name === place[1] && one.value === place[2]);
    if (same) same.focus();
  };
  const refresh = async () => {
    const data = new FormData(form);
    data.set("_action", "refresh");
    const mine = running = new AbortController();
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, signal: mine.signal, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("sheet");
      if (answer.ok && fresh && running === mine) swap(fresh);
    } finally {
      if (running === mine) form.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("change", (event) => {
    if (!event.target.hasAttribute("data-decides")) return;
    if (running) running.abort();
    refresh().catch(() => {});
  });
  // one answer to one press: a second press while the first is under way is not sent
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => { delete form.dataset.sent; });
})();
