// Every page works without this file; it only saves steps: copying, local time, the live light, passkeys.
"use strict";

document.documentElement.classList.add("script");
const spanish = document.documentElement.lang === "es";

// Copy buttons: <button class="copy" data-copies="ID"> copies the text of the element with that id.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const source = document.getElementById(button.dataset.copies);
  if (!source) return;
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    button.textContent = spanish ? "Copiado" : "Copied";
  } catch {
    getSelection().selectAllChildren(source);
    button.textContent = spanish ? "Seleccionado" : "Selected";
  }
  setTimeout(() => { button.textContent = before; }, 2000);
});

// Moments in the reader's own time zone, with its name, written as the server writes them, so that nothing jumps.
const local = (root) => root.querySelectorAll("time[datetime]").forEach((time) => {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf())) return;
  time.title = time.textContent;
  time.textContent = new Intl.DateTimeFormat(spanish ? "es-ES" : "en-GB", {
    year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  }).format(at);
});
local(document);

// The summary of a form's errors takes the focus.
document.querySelector("[data-errors]")?.focus();

// The live light: the server says when the gateway has seen a call, and sends what the page shall show.
const live = document.querySelector("[data-live]");
if (live && "EventSource" in window) {
  const source = new EventSource(live.dataset.live);
  source.addEventListener("light", (event) => {
    // The server's own markup, escaped by its templates; no text of anybody else's is interpreted here.
    const said = new DOMParser().parseFromString(event.data, "text/html").body.firstElementChild;
    if (!said) return;
    local(said);
    live.replaceChildren(said);
  });
  addEventListener("pagehide", () => source.close());
}

// Passkeys: <form data-passkey="get|create" data-begin="PATH"> is shown where the browser can; its button asks PATH what to ask of
// the authenticator, and sends the answer with the form as `ceremony` and `credential` (JSON). What is marked data-without-passkeys
// is shown where the browser cannot.
if (window.PublicKeyCredential?.parseCreationOptionsFromJSON && PublicKeyCredential.parseRequestOptionsFromJSON) {
  document.documentElement.classList.add("passkeys");
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-passkey]")) return;
    event.preventDefault();
    bringPasskey(event.target);
  });
}

async function bringPasskey(form) {
  const button = form.querySelector("button:not([type=button])");
  button.disabled = true;
  form.querySelector("[data-said]")?.remove();
  try {
    const asked = await fetch(form.dataset.begin, {
      method: "POST",
      body: new URLSearchParams({ form_token: form.elements.form_token.value }),
    });
    // Something comes first, such as a proof of who is there: the page says what.
    if (asked.redirected) return void location.assign(asked.url);
    if (!asked.ok) throw new Error(`the portal answered ${asked.status}`);
    const { ceremony, options } = await asked.json();
    const credential = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    for (const [name, value] of Object.entries({ ceremony, credential: JSON.stringify(credential) })) {
      const field = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
      field.value = value;
    }
    form.submit();
  } catch (error) {
    button.disabled = false;
    const said = Object.assign(document.createElement("p"), { className: "wrong", role: "alert" });
    said.dataset.said = "";
    const kept = error.name === "InvalidStateError";
    said.textContent = kept
      ? (spanish ? "Este dispositivo ya guarda una llave de esta cuenta." : "This device keeps a passkey of this account already.")
      : (spanish ? "No ha llegado ninguna llave. Inténtalo otra vez o prueba de otra forma." : "No passkey arrived. Try again, or use another way.");
    button.closest("p").before(said);
  }
}
