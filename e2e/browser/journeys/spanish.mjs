// The main road in Spanish throughout, on a narrow dark screen: an account, an organisation, somebody invited, access that the operator
// refuses, and every form once with something wrong. No page and no mail on the way has a word of English.
import { demo, faults, go, must, ok, open, person, portal, walk } from "../browser.mjs";

const PASSWORD = "nueve veletas al sol";
const REASON = "Imprimimos etiquetas para doscientos envíos diarios";
const REFUSAL = "El contrato todavía no cubre etiquetas";

/** Words that every English sentence of some length has one of, and no Spanish one. */
const TELLTALE = /(?<![\p{L}\p{N}_-])(the|you|your|will|and|with|this|please|not|must|of|are|from|what|when|which|been|was|were|it|its)(?![\p{L}\p{N}_-])/giu;

let pages = 0;
const found = [];

/** The language of the page that is open, and its words, those for screen readers too. */
function words(page) {
  return page.evaluate(() => {
    const body = document.body.cloneNode(true);
    for (const other of body.querySelectorAll("code, pre, samp, kbd, script, [lang=en]")) other.replaceWith(" ‹…› ");
    const said = [document.title, ...[...body.querySelectorAll("[aria-label], [title]")].map((one) => one.ariaLabel ?? one.title)];
    // Blocks have no space between them in `textContent`.
    for (const one of body.querySelectorAll("*")) one.append(" ");
    return { lang: document.documentElement.lang, text: [...said, body.textContent].join("\n").replace(/\s+/g, " ") };
  });
}

/** Looks for English on the page that is open. */
async function read(page) {
  pages += 1;
  const path = new URL(page.url()).pathname;
  const { lang, text } = await words(page);
  if (lang !== "es") found.push(`${path}: in ${lang}, not es`);
  for (const hit of text.matchAll(TELLTALE)) found.push(`${path}: English? …${text.slice(Math.max(0, hit.index - 60), hit.index + 60)}…`);
}

/** Opens a path and reads the page. */
async function see(page, path) {
  const status = await open(page, path);
  await read(page);
  return status;
}

/** Follows or presses what leads on and reads what comes. */
async function press(page, what) {
  await go(page, what);
  await read(page);
}

const main = (page) => page.locator("main");
const button = (page, name) => main(page).getByRole("button", { name, exact: true });
const link = (page, name) => main(page).getByRole("link", { name });

/** That the form says what is wrong with it. */
async function refused(page, field, what) {
  must(await page.locator(field ? `#${field}[aria-invalid], fieldset#${field}.is-wrong` : "[data-errors]").first().isVisible(), what);
  found.push(...(await faults(page, what)));
}

/** Opens the newest mail to `email` whose subject says so. */
async function mail(page, email, subject) {
  await see(page, "/mailbox");
  const row = main(page).locator("tr", { hasText: email }).filter({ hasText: subject }).first();
  must((await row.locator("th").getAttribute("lang")) === "es", `a mail in Spanish: ${(await row.locator("th").innerText()).trim()}`);
  await press(page, row.getByRole("link"));
}

/** From the page where an account is created to being signed in. */
async function register(page, email, name) {
  await page.getByLabel("Correo electrónico").fill(email);
  await page.getByLabel("Tu nombre").fill(name);
  await page.getByLabel("Contraseña").fill("corta");
  await press(page, button(page, "Crear la cuenta"));
  await refused(page, "password", "a password that is too short");
  await page.getByLabel("Contraseña").fill(PASSWORD);
  await press(page, button(page, "Crear la cuenta"));
  await mail(page, email, /[Cc]onfirma/);
  await press(page, main(page).locator(`.letter a[href^="${portal}/verify?token="]`));
  await press(page, button(page, "Confirmar mi dirección"));
  await page.getByLabel("Correo electrónico").fill(email);
  await page.getByLabel("Contraseña").fill("otra que no es");
  await press(page, button(page, "Entrar"));
  must((await main(page).innerText()).includes("no son correctas"), "a wrong password is refused");
  await page.getByLabel("Contraseña").fill(PASSWORD);
  await press(page, button(page, "Entrar"));
  must((await page.locator('form[action="/sign-out"]').count()) === 1, `${name} is signed in`);
}

await walk(async (browser) => {
  const somebody = () => person(browser, { language: "es", scheme: "dark", width: 360 });
  const now = Date.now();
  const [ines, blas] = [`ines.${now}@taller.example`, `blas.${now}@taller.example`];

  const english = await person(browser, { language: "en" });
  await open(english, "/register");
  must((await words(english)).text.match(TELLTALE).length > 5, "English is known when it is seen");

  // An account, an organisation, a project.
  const page = await somebody();
  await see(page, "/");
  await press(page, main(page).getByRole("link", { name: "Crear cuenta" }).first());
  await register(page, ines, "Inés");
  await press(page, link(page, "Crear la primera"));
  await page.getByLabel("Nombre de la organización").fill("   ");
  await press(page, button(page, "Crear la organización"));
  await refused(page, "name", "an organisation without a name");
  await page.getByLabel("Nombre de la organización").fill(`Taller ${now}`);
  await press(page, button(page, "Crear la organización"));
  must((await main(page).innerText()).includes("no se volverá a mostrar"), "the secret is shown, and that it is shown once");
  found.push(...(await faults(page, "founded")));
  await press(page, link(page, "La organización"));
  const organisation = new URL(page.url()).pathname;
  await press(page, main(page).locator("a[href^='/projects/']").first());
  const project = new URL(page.url()).pathname;
  found.push(...(await faults(page, "the project's first page")));
  await see(page, `${project}/first-call`);

  // Somebody is invited, who has no account yet.
  await see(page, `${organisation}/members`);
  await page.locator("#email").fill(ines);
  await press(page, button(page, "Enviar la invitación"));
  await refused(page, "", "an invitation to somebody who is a member, and as nothing");
  await page.locator("#email").fill(blas);
  await page.locator("#role-developer").check();
  await press(page, button(page, "Enviar la invitación"));
  await mail(page, blas, `Taller ${now}`);
  const invitation = await main(page).locator(".letter a").first().getAttribute("href");
  await see(page, invitation.slice(portal.length));
  must((await main(page).innerText()).includes(`Has entrado como ${ines}`), "whoever is somebody else is told so");
  const guest = await somebody();
  await see(guest, invitation.slice(portal.length));
  await press(guest, link(guest, "Crear una cuenta"));
  await register(guest, blas, "Blas");
  must(guest.url().includes("/invitations/accept"), "registering leads back to the invitation");
  await press(guest, button(guest, "Aceptar y entrar"));
  must(new URL(guest.url()).pathname === organisation, "the invited is in the organisation");

  // Who was invited asks for production; the operator refuses; both members read why.
  await see(guest, `${project}/access`);
  await press(guest, link(guest, "Pedir acceso"));
  await press(guest, main(guest).locator("a[href$='api=labels']"));
  await guest.locator("#environment-production").check();
  await press(guest, button(guest, "Pedir acceso"));
  await refused(guest, "reason", "access to production without a reason");
  await guest.locator("#reason").fill(REASON);
  await press(guest, button(guest, "Pedir acceso"));
  must((await main(guest).innerText()).includes("La decide la operadora"), "the request says who decides it");
  const request = new URL(guest.url()).pathname;

  const operator = await somebody();
  await see(operator, "/sign-in");
  await operator.getByLabel("Correo electrónico").fill(demo.portal.operator.email);
  await operator.getByLabel("Contraseña").fill(demo.portal.operator.password);
  await press(operator, button(operator, "Entrar"));
  await see(operator, "/console");
  await see(operator, "/console/access");
  await press(operator, main(operator).locator("tbody tr", { hasText: REASON }).getByRole("link", { name: /Rechazar/ }));
  await operator.locator("#reason").fill("  ");
  await press(operator, button(operator, "Rechazar"));
  await refused(operator, "reason", "a rejection without a reason");
  await operator.locator("#reason").fill(REFUSAL);
  await press(operator, button(operator, "Rechazar"));
  must(await operator.locator(".notice.ok").isVisible(), "the operator rejects it with a reason");

  await see(guest, request);
  must((await main(guest).innerText()).includes(REFUSAL), "the member reads the reason on the page");
  await mail(guest, blas, "Acceso rechazado: labels");
  must((await main(guest).innerText()).includes(REFUSAL), "and in the mail");
  await see(page, `${project}/access`);
  must((await main(page).innerText()).includes(REFUSAL), "and so does the rest of the organisation");

  // What is not there, and what one may not.
  must((await see(guest, "/projects/nada")) === 404, "what is not there says so");
  must((await see(guest, `${organisation}/settings/close`)) === 403, "what one may not says so");

  if (found.length > 0) throw new Error([...new Set(found)].join("\n"));
  ok(`${pages} pages without a word of English`);
});
