// A form that posts is sent once. The server refuses the repeat as well; this spares the user the page that says so.

const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  form.setAttribute("aria-busy", "true");
});

// Coming back by the browser's history shows the same document again: its forms may be sent anew.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) window.location.reload();
});
// A download or a validation error leaves the page standing.
document.addEventListener("htmx:afterRequest", ({ target }) => {
  const form = target.closest("form");
  if (form) release(form);
});
window.addEventListener("focus", () => document.querySelectorAll("form[aria-busy]").forEach(release));

function release(form) {
  sent.delete(form);
  form.removeAttribute("aria-busy");
}
