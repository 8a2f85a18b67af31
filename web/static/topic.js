// On the page of a topic: a quotation is put in without leaving it, and how far one has read is noted.

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-quote]");
  const field = document.querySelector("#reply textarea");
  if (!link || !field || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.dataset.quote).catch(() => null);
  if (!answer?.ok || answer.redirected) { location.href = link.href; return; }
  field.selectionStart = field.selectionEnd = field.value.length;
  const between = field.value && !field.value.endsWith("\n\n") ? "\n\n" : "";
  field.dispatchEvent(new CustomEvent("put", { detail: between + await answer.text() }));
  field.scrollIntoView({ block: "center" });
});

const main = document.querySelector("main[data-reading]");
if (main && Number(main.dataset.number) > Number(main.dataset.read)) {
  const data = new FormData();
  data.set("number", main.dataset.number);
  fetch(main.dataset.reading, { method: "POST", body: data, keepalive: true }).catch(() => {});
}
