// The calendar library announces grids, rows and cells that do not nest as ARIA demands. Without those roles the dates,
// times and titles are read in order, and every booking stays the button that it is.

const ROLES = ["grid", "table", "rowgroup", "row", "gridcell", "cell", "columnheader", "rowheader"];
const UNSOUND = ROLES.map((role) => `[role=${role}]`).join();

export function plain(box) {
  mend(box);
  new MutationObserver(() => mend(box)).observe(box, { childList: true, subtree: true });
}

function mend(box) {
  for (const element of box.querySelectorAll(UNSOUND)) {
    element.removeAttribute("role");
    element.removeAttribute("aria-colindex");
  }
  // What scrolls must be reachable without a mouse.
  box.querySelector(".ec-main")?.setAttribute("tabindex", "0");
}
