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

// Moments in the reader's own time zone, with its name.
const local = (root) => root.querySelectorAll("time[datetime]").forEach((time) => {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf())) return;
  time.title = time.textContent;
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, {
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
