// Loaded before the page is drawn, so that nobody who likes the dark is shown a white flash.
// Without JavaScript the page is light and the switch stays hidden.
(function () {
  "use strict";
  const KEY = "theme";
  const root = document.documentElement;
  const wanted = () =>
    localStorage.getItem(KEY) ||
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  function show(theme) {
    root.dataset.bsTheme = theme;
    const button = document.getElementById("theme-switch");
    if (button) {
      button.textContent = theme === "dark" ? "Light" : "Dark";
      button.setAttribute("aria-label", "Switch to " + (theme === "dark" ? "light" : "dark") + " colours");
      button.hidden = false;
    }
  }

  function reveal(button) {
    const input = document.getElementById(button.dataset.reveal);
    const hide = input.type === "text";
    input.type = hide ? "password" : "text";
    button.textContent = hide ? "Show" : "Hide";
    button.setAttribute("aria-pressed", String(!hide));
  }

  root.dataset.bsTheme = wanted();
  document.addEventListener("DOMContentLoaded", () => {
    show(wanted());
    document.getElementById("theme-switch").addEventListener("click", () => {
      localStorage.setItem(KEY, root.dataset.bsTheme === "dark" ? "light" : "dark");
      show(wanted());
    });
    for (const button of document.querySelectorAll("[data-reveal]")) {
      button.hidden = false;
      button.addEventListener("click", () => reveal(button));
    }
  });
})();
