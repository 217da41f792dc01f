// The live region: what changes without a page load is said aloud, and shown where eyes need it too.

const region = document.createElement("div");
region.setAttribute("role", "status");
region.className = "visually-hidden";
document.body.append(region);

export function announce(text, { shown = false } = {}) {
  const words = text?.replace(/\s+/g, " ").trim();
  if (!words) return;
  // The same words twice would otherwise be no change, and silent.
  region.textContent = "";
  setTimeout(() => (region.textContent = words), 50);
  if (shown) show(words);
}

function show(words) {
  const note = document.createElement("div");
  note.className = "alert alert-danger note-shown";
  note.textContent = words;
  document.body.append(note);
  setTimeout(() => note.remove(), 8000);
}
