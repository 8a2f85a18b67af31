// What every page does with JavaScript on; without it everything is there too, only less smooth.

// A form is sent once: its buttons rest while the answer is on the way, and work again when the page comes back from memory.
const resting = new Set();
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  setTimeout(() => form.querySelectorAll("button:enabled").forEach((button) => { button.disabled = true; resting.add(button); }));
});
addEventListener("pageshow", () => {
  for (const button of resting) button.disabled = false;
  resting.clear();
});

// The menu closes when something else is meant.
addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

// What is wrong with a field is said until it is typed anew.
addEventListener("input", (event) => {
  if (!event.target.matches("[aria-invalid]")) return;
  event.target.removeAttribute("aria-invalid");
  document.getElementById(`${event.target.name}-wrong`)?.remove();
});

// What is chosen is shown before it is confirmed: the button rests until then, or until the look at it failed.
let looking = false;
const confirmable = (event, possible) => event.target.closest?.(".redeem")?.querySelectorAll("[data-confirms]")
  .forEach((button) => { button.disabled = !possible; });
addEventListener("htmx:after:process", () => { looking = true; });
addEventListener("input", (event) => { if (looking) confirmable(event, false); });
addEventListener("htmx:before:request", (event) => confirmable(event, false));
addEventListener("htmx:error", (event) => confirmable(event, true));

// What is to be handed on is copied.
document.querySelectorAll("button[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  });
});

// A toast goes when it is clicked.
addEventListener("click", (event) => event.target.closest(".toast")?.remove());
