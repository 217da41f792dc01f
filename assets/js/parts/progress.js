/* Long work: its bar asks again every two seconds (web/parts.html). Once the answer has no bar, the work is done
   and the whole page is read again, so that the result stands where the bar was. */
const BAR = "progress";

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== BAR || detail.xhr.status >= 400) return;
  if (new DOMParser().parseFromString(detail.xhr.responseText, "text/html").getElementById(BAR)) return;
  detail.shouldSwap = false;
  window.location.reload();
});
