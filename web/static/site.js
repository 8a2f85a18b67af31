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

// A toast goes when it is clicked.
addEventListener("click", (event) => event.target.closest(".toast")?.remove());
