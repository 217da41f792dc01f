/* Every page loads this. What templates may use (everything works without it, only less smoothly):

   data-confirm="Cancel this booking?"      on a form or its button: asked in a dialog first
     data-confirm-yes / data-confirm-no     the words of its two buttons; may stand on <body> for the whole page
   data-autosubmit                          on a select or checkbox: sends its form when it changes
   data-copy="text"                         on a button: copies; data-copied="Copied" is announced
   data-reveal="password-field-id"          on a button: shows and hides what is typed there
   data-focus                               on an error summary: takes the focus when the page opens
   data-announce                            on something htmx brings in: its text is read out
   data-print                               on a button: opens the print dialog
   .js-only / .no-js                        shown only with, only without, this script
   <body data-failed="…" data-offline="…">  what is announced and shown when a partial update fails

   CSRF: hx-headers on <body>. Forms that post are sent once: a second press while waiting does nothing. */
import htmx from "htmx.org";
import "@tabler/core/dist/js/tabler.esm.min.js";
import { announce } from "./parts/announce.js";
import "./parts/confirm.js";
import "./parts/controls.js";
import "./parts/once.js";
import { lightOnPaper } from "./parts/paper.js";
import "./parts/progress.js";

document.documentElement.classList.add("js");
lightOnPaper();

Object.assign(htmx.config, {
  // A strict Content-Security-Policy allows neither eval nor style elements nor style attributes.
  allowEval: false,
  includeIndicatorStyles: false,
  attributesToSettle: ["class"],
  selfRequestsOnly: true,
  // Pages of one person must not stay in the browser's storage for the next.
  historyCacheSize: 0,
  // Refusals are pages too: 409 and 422 carry the form with its reasons.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|422", swap: true },
    { code: "...", swap: false, error: true },
  ],
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const said = detail.target.closest("[data-announce]") ?? detail.target.querySelector("[data-announce]");
  if (said) announce(said.textContent);
});
document.addEventListener("htmx:responseError", () => announce(document.body.dataset.failed, { shown: true }));
document.addEventListener("htmx:sendError", () => announce(document.body.dataset.offline, { shown: true }));

document.querySelector("[data-focus]")?.focus();
