// A page's side of the tokens, with fetch: one request for new tokens however many wait for them.
//
// On a page of the site itself, where people are signed in by cookie:
//
//     const api = new Client("/api/v1", new BorrowedToken(formToken));
//     const me = await (await api.call("GET", "/me")).json();
//
// On a page of another site, which must be listed in API_ORIGINS:
//
//     const api = new Client("https://house.example/api/v1", new Pair(ask));
//
// Tokens live in this module's memory and nowhere else. Whatever stands in localStorage can be
// carried away by any script that ever gets into the page.

export class Refused extends Error {
  constructor(problem) {
    super(problem.detail);
    this.code = problem.code;
  }
}

export class Client {
  #source;
  #access = "";
  #fetching = null;

  constructor(base, source) {
    this.base = base;
    this.#source = source;
  }

  // Returns the answer, good or bad. What has a cure is cured once, and the request sent again.
  async call(method, path, body) {
    const cures = { invalid_token: "renew", reauthentication_required: "prove" };
    if (!this.#access) await this.#replace("", "begin");
    for (;;) {
      const sent = this.#access;
      const answer = await this.send(method, path, body, sent);
      const code = await codeOf(answer);
      const cure = cures[code];
      if (!cure) return answer;
      delete cures[code];
      await this.#replace(sent, cure);
    }
  }

  send(method, path, body, token) {
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return fetch(this.base + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit", // the API looks at no cookie, so none goes there
      signal: AbortSignal.timeout(10_000),
    });
  }

  // Of all calls that need new tokens at once, the first fetches them and the others wait.
  async #replace(sent, way) {
    if (this.#access !== sent) return;
    this.#fetching ??= this.#source[way](this, sent)
      .then((token) => { this.#access = token; })
      .finally(() => { this.#fetching = null; });
    await this.#fetching;
  }
}

// The session of this browser, lent to the page for a quarter of an hour. Nothing renews it but
// the cookie, which no script can read.
export class BorrowedToken {
  #formToken;

  constructor(formToken) {
    this.#formToken = formToken;
  }

  async begin() {
    const answer = await fetch("/account/token", {
      method: "POST",
      headers: { "X-CSRFToken": this.#formToken },
      redirect: "manual", // it would lead to the sign-in page
    });
    if (!answer.ok) return this.#leaveFor("/login");
    return (await answer.json()).access_token;
  }

  renew() {
    return this.begin();
  }

  // The page for it asks, and comes back here.
  prove() {
    return this.#leaveFor("/reauthenticate");
  }

  #leaveFor(path) {
    location.assign(`${path}?next=${encodeURIComponent(location.pathname)}`);
    return new Promise(() => {}); // whoever waits is gone with the page
  }
}

// A sign-in of this page's own. `ask` returns { email, password }, from a form of the page.
export class Pair {
  #ask;
  #refresh = "";
  #device = {};

  constructor(ask) {
    this.#ask = ask;
  }

  async begin(client) {
    const { email, password } = await this.#ask();
    return this.#keep(await client.send("POST", "/auth/token", { email, password, ...this.#device }));
  }

  async renew(client) {
    const answer = await client.send("POST", "/auth/refresh", { refresh_token: this.#refresh });
    return answer.status === 401 ? this.begin(client) : this.#keep(answer);
  }

  async prove(client, access) {
    const { password } = await this.#ask();
    return this.#keep(await client.send("POST", "/auth/reauthenticate", { password }, access));
  }

  async #keep(answer) {
    const found = await answer.json();
    if (!answer.ok) throw new Refused(found);
    this.#refresh = found.refresh_token;
    if (found.device) this.#device = { device: found.device };
    return found.access_token;
  }
}

async function codeOf(answer) {
  if (answer.headers.get("Content-Type") !== "application/problem+json") return "";
  return (await answer.clone().json()).code;
}
