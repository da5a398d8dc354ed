// Copies what stands on a page, and prints it. Without JavaScript the buttons stay hidden.
(function () {
  "use strict";
  const text = (shown) =>
    shown.children.length
      ? Array.from(shown.children, (line) => line.textContent.trim()).join("\n")
      : shown.textContent.replace(/\s/g, "");

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text(document.getElementById(button.dataset.copy)));
      button.textContent = "Copied";
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
