/* Paper is white: whatever colours the screen has, a page is printed in the light ones. */
const root = document.documentElement;
const onScreen = root.dataset.bsTheme;

export function lightOnPaper() {
  window.matchMedia("print").addEventListener("change", ({ matches }) => {
    root.dataset.bsTheme = matches ? "light" : onScreen;
  });
}
