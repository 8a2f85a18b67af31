// What is typed survives a closed tab: it is kept in this browser until it was sent, for each form and person.

const OLD = 30 * 24 * 3600 * 1000;
const done = document.querySelector(".flash, .toasts") !== null;

// What was on its way when the last page was left is sent if this page says so; else it is still wanted.
for (const key of Object.keys(localStorage).filter((one) => one.startsWith("draft "))) {
  const kept = read(key);
  if (!kept || Date.now() - kept.at > OLD || (kept.leaving && done)) localStorage.removeItem(key);
  else if (kept.leaving) localStorage.setItem(key, JSON.stringify({ ...kept, leaving: false }));
}

document.querySelectorAll("form[data-draft]").forEach((form) => {
  const key = `draft ${form.dataset.person} ${form.dataset.draft}`;
  const fields = [...form.querySelectorAll("textarea[name], input[name]:not([type=hidden], [type=file]), select[name]")];
  const said = form.querySelector("[data-kept]");
  const typed = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const first = JSON.stringify(typed());

  const kept = read(key);
  const again = form.querySelector(".summary-of-errors") !== null || new URLSearchParams(location.search).has("quote");
  if (kept && !again && JSON.stringify(kept.fields) !== first) {
    fields.forEach((field) => { if (field.name in kept.fields) field.value = kept.fields[field.name]; });
    said.textContent = `${said.dataset.restored} ${clock(kept.at)}`;
  }

  let waiting;
  const keep = (leaving = false) => {
    clearTimeout(waiting);
    const now = typed();
    if (!leaving && JSON.stringify(now) === first && !localStorage.getItem(key)) return;
    try {
      if (fields.some((field) => field.tagName !== "SELECT" && field.value.trim())) {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), leaving, fields: now }));
        if (!leaving) said.textContent = `${said.dataset.kept} ${clock(Date.now())}`;
      } else localStorage.removeItem(key);
    } catch { /* Without room, or in a private window, there is the button. */ }
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 800); });
  addEventListener("pagehide", () => { if (!form.dataset.leaving) keep(); });
  form.addEventListener("submit", () => { form.dataset.leaving = "yes"; keep(true); });
  addEventListener("pageshow", () => { delete form.dataset.leaving; });
});

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

function clock(at) {
  const moment = new Date(at);
  return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
}
