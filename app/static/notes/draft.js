// Keeps an unsaved note on the server while somebody types, so that a closed window or a sign-in
// that ran out takes no more than the last words. Without JavaScript the button does it.
(function () {
  "use strict";
  const PAUSE = 1500; // milliseconds without a key
  const form = document.getElementById("new-note");
  const state = document.getElementById("draft-state");
  let timer;

  async function keep() {
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: new FormData(form),
        redirect: "manual", // a redirect leads to the sign-in page, so nothing was kept
      });
      state.textContent = answer.status === 204 ? "Draft kept." : "The draft could not be kept.";
    } catch {
      state.textContent = "The draft could not be kept: no connection.";
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  // What is sent is no draft any more: one kept a moment later would come back after saving.
  form.addEventListener("submit", () => clearTimeout(timer));
})();
