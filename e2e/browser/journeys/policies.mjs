// Another version of the usage policies, in Spanish and in English: a draft that only staff see, published for a moment to come; who accepted the
// one before is told on the project's pages and by mail, and accepts it early; when the moment comes it is in force, and it stands who accepted what.
// The operator reads it in one language; the member, and whoever else looks at the policies, in the other.
import { chooseLanguage, demo, faults, go, languages, must, open, person, portal, reader, signIn, walk } from "../browser.mjs";

const project = demo.projects.find((one) => one.project === "Tienda web" && one.environment === "production");
const owner = demo.portal.accounts.find((account) => account.organisation === project.organisation && account.role === "owner");
const VERSION = "2026-12";
const CHANGED = { es: "Los <pesos> se redondean.", en: "Weights are rounded." };

const { operator, member } = languages();
const [olgas, lucias] = [reader(operator), reader(member)];

const said = (page) => page.locator("main").innerText();

/** The first whole minute that is half a minute away at least, as a form in Madrid wants it, and as a moment. */
function soon() {
  const at = new Date(Math.ceil(Date.now() / 60_000 + 0.5) * 60_000);
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Madrid", dateStyle: "short", timeStyle: "short" }).format(at);
  return { at: at.getTime(), written: parts.replace(" ", "T") };
}

await walk(async (browser) => {
  const found = [];
  const lucia = await person(browser, { language: member });
  const look = async (page, what) => found.push(...(await faults(page, what)));
  await signIn(lucia, owner.email, owner.password);
  await chooseLanguage(lucia, member);
  await open(lucia, "/organisations");
  await go(lucia, lucia.getByRole("link", { name: owner.organisation }));
  await go(lucia, lucia.locator("main a[href^='/projects/']", { hasText: project.project }).first());
  const production = `${new URL(lucia.url()).pathname}/production`;
  await open(lucia, production);
  await go(lucia, lucia.getByRole("button", { name: lucias("Las he leído y las acepto", "I have read and accept them") }));
  await open(lucia, production);
  const accepted = lucias("Aceptada la versión", "Accepted: version");
  must((await said(lucia)).includes(accepted), "the version in force is accepted");

  const olga = await person(browser, { language: operator });
  await signIn(olga, demo.portal.operator.email, demo.portal.operator.password);
  await open(olga, "/console/policies");
  await go(olga, olga.getByRole("link", { name: olgas("Escribir otra versión", "Write another version") }));
  await look(olga, "writing");
  const state = async () => (await olga.locator("main .state").first().innerText()).trim();
  await olga.locator("#version").fill("diciembre");
  await olga.locator("#changed_spanish").fill(CHANGED.es);
  await olga.locator("#changed_english").fill(CHANGED.en);
  const text = await olga.locator("#english").inputValue();
  await olga.locator("#english").fill(`${text}\n## Weights {#weights}\n\nWeights are rounded up.\n`);
  await olga.locator("#spanish").fill(`${await olga.locator("#spanish").inputValue()}\n## Pesos {#weights}\n\nLos pesos se redondean hacia arriba.\n`);
  const save = olga.getByRole("button", { name: olgas("Guardar el borrador", "Save the draft") });
  await go(olga, save);
  must((await olga.locator("#version[aria-invalid]").count()) === 1, "a version is named by year and month");
  must((await olga.locator("#english").inputValue()).includes("rounded up"), "nothing that was written is lost");
  await olga.locator("#version").fill(VERSION);
  await go(olga, save);
  must((await state()) === olgas("borrador", "draft"), "a version is a draft first");
  await look(olga, "draft");
  const anybody = await person(browser, { language: member });
  const coming = lucias("Hay una versión nueva", "There is a new version");
  await open(anybody, "/policies");
  must(!(await said(anybody)).includes(coming), "only staff see a draft");
  must((await open(anybody, `/policies?version=${VERSION}`)) === 404, "even by its name");

  const publishing = olga.locator("main form[action$='/publish']");
  await olga.locator("summary", { hasText: olgas("Publicar", "Publish") }).click();
  await publishing.locator("#in_force_at").fill("2026-01-01T00:00");
  await go(olga, publishing.getByRole("button"));
  must((await olga.locator("#in_force_at[aria-invalid]").count()) === 1, "nothing is published for the past");
  const moment = soon();
  await olga.locator("#in_force_at").fill(moment.written);
  await go(olga, publishing.getByRole("button"));
  must((await state()) === olgas("anunciada", "announced"), "published, it is announced");
  await look(olga, "published");

  await open(anybody, "/policies");
  must((await said(anybody)).includes(coming), "everybody reads that it comes");
  await go(anybody, anybody.getByRole("link", { name: lucias("Leerla y ver qué cambia", "Read it and see what changes") }));
  must((await said(anybody)).includes(CHANGED[member]), "and what changes");
  await look(anybody, "what comes");
  await open(lucia, production);
  await look(lucia, "asked anew");
  await go(lucia, lucia.getByRole("button", { name: lucias("La he leído y la acepto desde ahora", "I have read it and accept it now") }));
  await open(lucia, production);
  must((await said(lucia)).includes(lucias("ya aceptada", "accepted already")), "who accepted the one before accepts it early");

  // Mails to many go out by and by.
  const subject = `${lucias("Políticas de uso: versión", "Usage policies: version")} ${VERSION}`;
  const mail = lucia.locator("main tr", { hasText: owner.email }).filter({ hasText: subject });
  const patience = Date.now() + 60_000;
  do await open(lucia, "/mailbox");
  while ((await mail.count()) === 0 && Date.now() < patience);
  await go(lucia, mail.first().getByRole("link"));
  must((await said(lucia)).includes(CHANGED[member]), "by mail too");

  // Its moment comes while somebody looks on.
  const until = moment.at + 5_000;
  const current = `${lucias("Versión", "Version")} ${VERSION}`;
  let now;
  do {
    await open(anybody, "/policies");
    now = await said(anybody);
  } while (!now.includes(current) && Date.now() < until);
  must(now.includes(current) && Date.now() >= moment.at, "from its moment on, and not before, it is in force");
  await open(lucia, production);
  must((await said(lucia)).includes(`${accepted} ${VERSION}`), "what was accepted early holds");
  await open(olga, `/console/policies/acceptances?version=${VERSION}`);
  must((await said(olga)).includes(project.project), "it stands who accepted what");
  await look(olga, "acceptances");
  const answer = await olga.context().request.get(`${portal}/console/policies/acceptances.csv?version=${VERSION}`);
  must(answer.ok() && (await answer.text()).includes(`"${project.project}",production,"${VERSION}"`), "and is taken away as a file");
  if (found.length > 0) throw new Error(found.join("\n"));
});
