// Small conveniences bound by data attributes; app.js lists them.
import { announce } from "./announce.js";

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-autosubmit]")) target.form.requestSubmit();
});

document.addEventListener("click", async ({ target }) => {
  const pressed = target.closest("[data-copy], [data-reveal], [data-print]");
  if (!pressed) return;
  if ("print" in pressed.dataset) window.print();
  if ("reveal" in pressed.dataset) reveal(pressed);
  if ("copy" in pressed.dataset) {
    await navigator.clipboard.writeText(pressed.dataset.copy);
    announce(pressed.dataset.copied);
  }
});

function reveal(pressed) {
  const field = document.getElementById(pressed.dataset.reveal);
  const hidden = field.type === "password";
  field.type = hidden ? "text" : "password";
  pressed.setAttribute("aria-pressed", String(hidden));
}

// A menu of <details> closes on Escape and on a click elsewhere, as menus do.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.shell-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll("details.shell-menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});
