// Files are sent by themselves as soon as they are chosen, each with its progress, and go on where they were cut off.
// Without this the form takes them along when it is sent.

const field = document.querySelector("[data-uploads]");
const form = field.closest("form");
const input = field.querySelector("input[type=file]");
const list = field.querySelector(".arrived");
const many = field.querySelector("[data-many]");
const said = field.dataset;
const sending = new Set();

input.addEventListener("change", () => {
  take([...input.files]);
  input.value = "";
});

for (const name of ["dragover", "drop"]) field.addEventListener(name, (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  if (name === "drop") take([...event.dataTransfer.files]);
});

// What is still on its way is waited for.
form.addEventListener("submit", (event) => {
  if (!sending.size || event.submitter?.formNoValidate) return;
  event.preventDefault();
  field.scrollIntoView();
  tell([...sending][0], said.more);
});
addEventListener("beforeunload", (event) => { if (sending.size) event.preventDefault(); });

// Those beyond what a resource may have are not even begun.
function take(files) {
  const room = Math.max(0, Number(said.most) - list.querySelectorAll("li:not([data-failed])").length);
  many.hidden = files.length <= room;
  many.textContent = many.dataset.many;
  files.slice(0, room).forEach(send);
}

function send(file) {
  looked();
  const row = rowOf(file.name, bytes(file.size));
  if (file.size > Number(said.largest)) return end(row, said.large);
  sending.add(row);
  const upload = new tus.Upload(file, {
    endpoint: "/uploads",
    retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000],
    metadata: { filename: file.name, filetype: file.type },
    removeFingerprintOnSuccess: true,
    onProgress: (sent, all) => {
      row.bar.value = sent / all;
      tell(row, sent === all ? said.looking : `${said.sending} ${Math.floor((100 * sent) / all)}%`);
    },
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      const again = [0, 409, 423, 429, 503].includes(status);
      const why = sentenceOf(error);
      if (again) tell(row, why ? `${why} ${said.again}` : status ? said.busy : said.waiting);
      return again;
    },
    onError: (error) => end(row, whyOf(error)),
    onSuccess: () => arrived(row, upload.url.split("/").at(-1)),
  });
  row.drop.textContent = said.cancel;
  row.drop.onclick = () => { upload.abort(true).catch(() => {}); sending.delete(row); row.item.remove(); };
  upload.findPreviousUploads().then((before) => {
    if (before.length) upload.resumeFromPreviousUpload(before[0]);
    upload.start();
  });
}

function arrived(row, id) {
  sending.delete(row);
  const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: "uploads[]", value: id });
  row.item.append(hidden);
  row.bar.remove();
  tell(row, "");
  row.item.dataset.arrived = id;
  row.drop.textContent = said.drop;
  row.drop.onclick = () => drop(row.item, id);
}

// Those that the page brought are dropped without sending the form.
list.querySelectorAll("button[name=do]").forEach((button) => button.addEventListener("click", (event) => {
  event.preventDefault();
  drop(button.closest("li"), button.value.slice("drop ".length));
}));

function drop(item, id) {
  looked();
  many.hidden = true;
  item.remove();
  fetch(`/uploads/${id}`, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } }).catch(() => {});
}

// What publishing brings is to be looked at anew once the files are others.
function looked() {
  const look = form.querySelector("[data-look].look");
  if (!look) return;
  look.remove();
  form.action += "#look";
  const publish = form.querySelector("[data-publish]");
  publish.textContent = publish.dataset.look;
}

function rowOf(name, size) {
  const item = document.createElement("li");
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  const state = document.createElement("span");
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "btn link" });
  state.className = "cap num";
  state.setAttribute("role", "status");
  bar.setAttribute("aria-label", name);
  item.append(words("name", name), " ", words("cap num", size), " ", bar, " ", state, " ", drop);
  list.append(item);
  return { item, bar, state, drop };
}

function words(kind, text) {
  return Object.assign(document.createElement("span"), { className: kind, textContent: text });
}

function tell(row, text) { if (row.state.textContent !== text) row.state.textContent = text; }

function end(row, why) {
  sending.delete(row);
  row.bar.remove();
  row.item.dataset.failed = "";
  row.state.className = "wrong";
  tell(row, why);
  row.drop.textContent = said.drop;
  row.drop.onclick = () => row.item.remove();
}

function whyOf(error) {
  const status = error.originalResponse?.getStatus();
  if (status === 413) return said.large;
  if (status === 507) return said.full;
  return sentenceOf(error) || (status ? said.refused : said.failed);
}

// What the server says of it, if it answered with a sentence.
function sentenceOf(error) {
  try { return JSON.parse(error.originalResponse.getBody()).error; } catch { return undefined; }
}

function bytes(count) {
  const unit = ["B", "KB", "MB", "GB"];
  let n = 0;
  while (count >= 1000 && n < 3) { count /= 1024; n += 1; }
  return `${n && count < 100 ? count.toFixed(1) : Math.round(count)} ${unit[n]}`;
}
