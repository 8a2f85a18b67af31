// A plain field for Markdown becomes an editor: marks by button and key, preview, pictures by paste and drop, names after an @.

const MARKS = {
  bold: (field) => around(field, "**"),
  italic: (field) => around(field, "*"),
  heading: (field) => lines(field, "## "),
  list: (field) => lines(field, "- "),
  quote: (field) => lines(field, "> "),
  link: (field) => put(field, `[${chosen(field)}](https://)`, chosen(field) ? -1 : 1),
  mention: (field) => put(field, "@"),
};
const KEYS = { b: "bold", i: "italic", k: "link" };

document.querySelectorAll(".editor").forEach((editor) => {
  const field = editor.querySelector("textarea");
  const form = field.form;
  const picture = editor.querySelector("input[type=file]");
  const said = editor.querySelector("[data-said]");
  const { hint } = said.dataset;
  said.textContent = hint;
  const tools = editor.querySelector(".tools");
  tools.hidden = false;
  editor.classList.add("live");

  tools.addEventListener("click", (event) => {
    const mark = event.target.closest("button")?.dataset.mark;
    if (mark === "image") picture.click();
    else if (mark) MARKS[mark](field);
  });
  field.addEventListener("keydown", (event) => {
    const mark = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && KEYS[event.key];
    if (mark) { event.preventDefault(); MARKS[mark](field); }
  });

  // Pictures go ahead of the text, one by one, and are put where the cursor is.
  const send = async (files) => {
    for (const file of files) {
      if (file.size > 5 * 1024 * 1024) { tell(editor.dataset.large); continue; }
      tell(editor.dataset.uploading, false);
      const data = new FormData();
      data.set("picture", file);
      const answer = await answered("/files", data);
      if (answer?.address) { put(field, `\n![${file.name.replace(/[[\]\\]/g, "")}](${answer.address})\n`); tell(hint, false); }
      else tell(answer?.error ?? editor.dataset.failed);
    }
  };
  const tell = (sentence, wrong = true) => { said.textContent = sentence; said.classList.toggle("wrong", wrong); };
  const pictures = (carried) => [...(carried?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  picture.addEventListener("change", () => { const files = [...picture.files]; picture.value = ""; send(files); });
  field.addEventListener("paste", (event) => {
    const files = pictures(event.clipboardData);
    if (files.length && !event.clipboardData.getData("text/plain")) { event.preventDefault(); send(files); }
  });
  field.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  // What is no picture is refused by the server; left to the browser, it would be opened in the place of the page.
  field.addEventListener("drop", (event) => {
    const files = [...event.dataTransfer.files];
    if (files.length) { event.preventDefault(); send(files); }
  });

  // The preview is asked for without leaving the page; what the server gives is harmless already.
  const shown = form.querySelector("[data-preview]");
  form.querySelector("button[value=preview]")?.addEventListener("click", async (event) => {
    event.preventDefault();
    const data = new FormData();
    data.set("text", field.value);
    const answer = await answered("/previews", data);
    if (typeof answer === "string") { shown.lastElementChild.innerHTML = answer; shown.hidden = false; shown.scrollIntoView({ block: "nearest" }); }
    else tell(answer?.error ?? editor.dataset.failed);
  });

  // Other modules put their texts in by this event: files are served by their hash, so that they cannot import each other.
  field.addEventListener("put", (event) => put(field, event.detail));
  offerNames(editor, field);
});

// Whom an @ may mean is offered while it is typed.
function offerNames(editor, field) {
  const list = document.createElement("ul");
  list.className = "names";
  list.id = "names";
  list.role = "listbox";
  list.hidden = true;
  field.after(list);
  let asked = 0;
  const begun = () => /(?:^|[^A-Za-z0-9_.@/-])@([^\s@()（）]{1,20})$/.exec(field.value.slice(0, field.selectionStart))?.[1];
  const close = () => { list.hidden = true; field.removeAttribute("aria-activedescendant"); };
  const choose = (option) => {
    field.setSelectionRange(field.selectionStart - begun().length, field.selectionStart);
    put(field, `${option.dataset.write} `);
    close();
  };
  const mark = (option) => {
    list.querySelectorAll("li").forEach((one) => one.setAttribute("aria-selected", one === option));
    field.setAttribute("aria-activedescendant", option.id);
  };
  field.setAttribute("aria-controls", "names");
  field.setAttribute("aria-autocomplete", "list");
  field.addEventListener("input", async () => {
    const beginning = begun();
    const number = ++asked;
    if (!beginning) return close();
    await new Promise((later) => setTimeout(later, 150));
    if (number !== asked) return;
    const answer = await fetch(`/mentions?q=${encodeURIComponent(beginning)}`).catch(() => null);
    const found = answer?.ok ? await answer.json().catch(() => []) : [];
    if (number !== asked || begun() !== beginning) return;
    list.replaceChildren(...found.map(({ name, school, write }, n) => {
      const option = document.createElement("li");
      option.id = `name-${n}`;
      option.role = "option";
      option.dataset.write = write;
      option.append(name, Object.assign(document.createElement("small"), { textContent: school }));
      option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
      return option;
    }));
    list.hidden = !found.length;
    if (found.length) mark(list.firstElementChild);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const present = list.querySelector("[aria-selected=true]");
    const next = { ArrowDown: present.nextElementSibling, ArrowUp: present.previousElementSibling }[event.key];
    if (event.key === "Escape") close();
    else if (event.key === "Enter" || event.key === "Tab") choose(present);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(next ?? present);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
}

async function answered(address, data) {
  try {
    const answer = await fetch(address, { method: "POST", body: data });
    const json = answer.headers.get("content-type")?.includes("json");
    return json ? await answer.json() : answer.ok && !answer.redirected ? await answer.text() : null;
  } catch { return null; }
}

function chosen(field) { return field.value.slice(field.selectionStart, field.selectionEnd); }

// By the only command after which undoing still works; where it is not there, without.
function put(field, text, back = 0) {
  field.focus();
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (back) field.selectionEnd = field.selectionStart = back > 0 ? field.selectionStart - text.length + back : field.selectionStart + back;
}

function around(field, sign) {
  const [from, to, text] = [field.selectionStart, field.selectionEnd, chosen(field)];
  put(field, `${sign}${text}${sign}`);
  field.setSelectionRange(from + sign.length, to + sign.length);
}

function lines(field, sign) {
  field.selectionStart = field.value.slice(0, field.selectionStart).lastIndexOf("\n") + 1;
  put(field, chosen(field).split("\n").map((line) => sign + line).join("\n"));
}
