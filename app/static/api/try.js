// Sends what the forms of this page say to the API, and shows what comes back. The token lives in
// this script alone: what is not stored anywhere cannot be found there later.
(function () {
  "use strict";
  const SHOWN = ["Location", "Retry-After", "WWW-Authenticate", "Content-Type", "X-Request-ID"];
  const who = document.getElementById("who");
  const form = document.getElementById("who-form");
  const state = document.getElementById("who-state");
  const leave = document.getElementById("who-leave");
  const stranger = state.textContent;
  let token = "";
  let isLent = false; // it opens the session of this browser, which must not end with the page

  function take(found, said, lent = false) {
    token = found;
    isLent = lent;
    state.textContent = said;
    form.hidden = Boolean(token);
    leave.hidden = !token;
  }

  // Without cookies: the API does not look at them, so they have no business there.
  function ask(method, path, body) {
    const headers = {};
    if (token) headers.Authorization = "Bearer " + token;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return fetch(path, { method, headers, body, credentials: "omit", redirect: "manual" });
  }

  async function signIn(event) {
    event.preventDefault();
    const { email, password } = form.elements;
    const sent = JSON.stringify({ email: email.value, password: password.value });
    password.value = "";
    try {
      const answer = await ask("POST", who.dataset.token, sent);
      const found = await answer.json();
      if (answer.ok) take(found.access_token, "You have a token for " + email.value + ".");
      else state.textContent = found.detail;
    } catch {
      state.textContent = "No answer. Is there a connection?";
    }
  }

  async function forget() {
    const ended = !isLent && ask("POST", who.dataset.leave).catch(() => undefined);
    take("", stranger);
    await ended;
  }

  async function lend(button) {
    const body = new URLSearchParams({ csrf_token: button.dataset.formToken });
    try {
      const answer = await fetch(button.dataset.lend, { method: "POST", body, redirect: "manual" });
      if (answer.ok) take((await answer.json()).access_token, "You have a token of your sign-in.", true);
      else state.textContent = "Your sign-in has ended. Reload this page and sign in again.";
    } catch {
      state.textContent = "No answer. Is there a connection?";
    }
  }

  // Where a form points to, and what it sends along.
  function wanted(from) {
    let path = from.dataset.path;
    let body;
    const query = new URLSearchParams();
    for (const field of from.querySelectorAll("[data-place]")) {
      if (field.dataset.place === "body") body = field.value;
      else if (field.dataset.place === "path")
        path = path.replace("{" + field.name + "}", encodeURIComponent(field.value));
      else if (field.value) query.set(field.name, field.value);
    }
    return { method: from.dataset.method, path: query.size ? path + "?" + query : path, body };
  }

  function say(from, status, text) {
    const said = from.querySelector(".said");
    said.hidden = false;
    said.querySelector("p").textContent = status;
    said.querySelector("pre").textContent = text;
    said.scrollIntoView({ block: "nearest", behavior: "instant" }); // the button may be the last thing in the window
  }

  function readable(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }

  async function send(event) {
    event.preventDefault();
    const from = event.target;
    const { method, path, body } = wanted(from);
    try {
      const answer = await ask(method, path, body);
      const text = readable(await answer.text());
      const headers = SHOWN.filter((name) => answer.headers.has(name));
      const lines = headers.map((name) => name + ": " + answer.headers.get(name));
      say(from, answer.status + " " + answer.statusText, lines.join("\n") + "\n\n" + text);
      if (answer.ok && text.includes('"access_token"'))
        take(JSON.parse(text).access_token, "You have the token of the last answer.");
    } catch {
      say(from, "No answer. Is there a connection?", "");
    }
  }

  // The token is left to a variable: what is copied ends in histories and in messages.
  async function curl(from) {
    const { method, path, body } = wanted(from);
    const quoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";
    const parts = ["curl --request " + method + " " + quoted(location.origin + path)];
    if (!("public" in from.dataset)) parts.push('--header "Authorization: Bearer $TOKEN"');
    if (body !== undefined)
      parts.push("--header 'Content-Type: application/json'", "--data " + quoted(body));
    const text = parts.join(" \\\n  ");
    try {
      await navigator.clipboard.writeText(text);
      say(from, "Copied. A token is taken from the variable TOKEN.", text);
    } catch {
      say(from, "Copy this. A token is taken from the variable TOKEN.", text);
    }
  }

  function openNamed() {
    const named = location.hash && document.getElementById(location.hash.slice(1));
    if (named && named.tagName === "DETAILS") named.open = true;
  }

  who.hidden = false;
  form.addEventListener("submit", signIn);
  leave.addEventListener("click", forget);
  for (const button of document.querySelectorAll("[data-lend]"))
    button.addEventListener("click", () => lend(button));
  for (const tried of document.querySelectorAll(".try")) {
    tried.hidden = false;
    tried.addEventListener("submit", send);
    tried.querySelector("[data-curl]").addEventListener("click", () => curl(tried));
  }
  addEventListener("hashchange", openNamed);
  openNamed();
})();
