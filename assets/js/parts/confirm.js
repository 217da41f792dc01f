// Asks before a form does what cannot be undone: data-confirm on the form or on the button pressed.

const confirmed = new WeakSet();

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const pressed = event.submitter;
    const question = pressed?.dataset.confirm ?? form.dataset.confirm;
    if (!question || confirmed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(question, pressed ?? form, () => {
      confirmed.add(form);
      form.requestSubmit(pressed);
    });
  },
  true,
);

function ask(question, asker, yes) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm-dialog card";
  dialog.setAttribute("aria-labelledby", "confirm-question");
  const text = Object.assign(document.createElement("p"), { id: "confirm-question", textContent: question });
  const buttons = Object.assign(document.createElement("div"), { className: "btn-list justify-content-end" });
  buttons.append(
    button(words(asker, "confirmNo") ?? "✕", "btn", () => dialog.close()),
    button(words(asker, "confirmYes") ?? "✓", "btn btn-danger", () => {
      dialog.close();
      yes();
    }),
  );
  dialog.append(text, buttons);
  dialog.addEventListener("close", () => {
    dialog.remove();
    asker.focus?.();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function words(asker, name) {
  return asker.dataset[name] ?? asker.closest("form")?.dataset[name] ?? document.body.dataset[name];
}

function button(label, className, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className, textContent: label });
  made.addEventListener("click", act);
  return made;
}
