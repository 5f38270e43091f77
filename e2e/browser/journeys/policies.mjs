// Another version of the usage policies, in Spanish and in English: a draft that only staff see, published for a moment to come; who accepted the
// one before is told on the project's pages and by mail, and accepts it early; when the moment comes it is in force, and it stands who accepted what.
import { demo, faults, go, must, open, person, portal, signIn, walk } from "../browser.mjs";

const project = demo.projects.find((one) => one.project === "Tienda web" && one.environment === "production");
const owner = demo.portal.accounts.find((account) => account.organisation === project.organisation && account.role === "owner");
const VERSION = "2026-12";

const said = (page) => page.locator("main").innerText();

/** The first whole minute that is half a minute away at least, as a form in Madrid wants it, and as a moment. */
function soon() {
  const at = new Date(Math.ceil(Date.now() / 60_000 + 0.5) * 60_000);
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Madrid", dateStyle: "short", timeStyle: "short" }).format(at);
  return { at: at.getTime(), written: parts.replace(" ", "T") };
}

await walk(async (browser) => {
  const found = [];
  const lucia = await person(browser);
  const look = async (page, what) => found.push(...(await faults(page, what)));
  await signIn(lucia, owner.email, owner.password);
  await open(lucia, "/organisations");
  await go(lucia, lucia.getByRole("link", { name: owner.organisation }));
  await go(lucia, lucia.locator("main a[href^='/projects/']", { hasText: project.project }).first());
  const production = `${new URL(lucia.url()).pathname}/production`;
  await open(lucia, production);
  await go(lucia, lucia.getByRole("button", { name: "I have read and accept them" }));
  await open(lucia, production);
  must((await said(lucia)).includes("Accepted: version"), "the version in force is accepted");

  const olga = await person(browser, { language: "es" });
  await signIn(olga, demo.portal.operator.email, demo.portal.operator.password);
  await open(olga, "/console/policies");
  await go(olga, olga.getByRole("link", { name: "Escribir otra versión" }));
  await look(olga, "writing");
  await olga.locator("#version").fill("diciembre");
  await olga.locator("#changed_spanish").fill("Los <pesos> se redondean.");
  await olga.locator("#changed_english").fill("Weights are rounded.");
  const text = await olga.locator("#english").inputValue();
  await olga.locator("#english").fill(`${text}\n## Weights {#weights}\n\nWeights are rounded up.\n`);
  await olga.locator("#spanish").fill(`${await olga.locator("#spanish").inputValue()}\n## Pesos {#weights}\n\nLos pesos se redondean hacia arriba.\n`);
  await go(olga, olga.getByRole("button", { name: "Guardar el borrador" }));
  must((await olga.locator("#version[aria-invalid]").count()) === 1, "a version is named by year and month");
  must((await olga.locator("#english").inputValue()).includes("rounded up"), "nothing that was written is lost");
  await olga.locator("#version").fill(VERSION);
  await go(olga, olga.getByRole("button", { name: "Guardar el borrador" }));
  await look(olga, "draft");
  const anybody = await person(browser);
  await open(anybody, "/policies");
  must(!(await said(anybody)).includes("There is a new version"), "only staff see a draft");
  must((await open(anybody, `/policies?version=${VERSION}`)) === 404, "even by its name");

  const publishing = olga.locator("main form[action$='/publish']");
  await olga.locator("summary", { hasText: "Publicar" }).click();
  await publishing.locator("#in_force_at").fill("2026-01-01T00:00");
  await go(olga, publishing.getByRole("button"));
  must((await olga.locator("#in_force_at[aria-invalid]").count()) === 1, "nothing is published for the past");
  const moment = soon();
  await olga.locator("#in_force_at").fill(moment.written);
  await go(olga, publishing.getByRole("button"));
  must((await said(olga)).includes("anunciada"), "published, it is announced");
  await look(olga, "published");

  await open(anybody, "/policies");
  must((await said(anybody)).includes("There is a new version"), "everybody reads that it comes");
  await go(anybody, anybody.getByRole("link", { name: "Read it and see what changes" }));
  must((await said(anybody)).includes("Weights are rounded."), "and what changes");
  await look(anybody, "what comes");
  await open(lucia, production);
  await look(lucia, "asked anew");
  await go(lucia, lucia.getByRole("button", { name: "accept it now" }));
  await open(lucia, production);
  must((await said(lucia)).includes("accepted already"), "who accepted the one before accepts it early");

  // Mails to many go out by and by.
  const mail = lucia.locator("main tr", { hasText: owner.email }).filter({ hasText: `Usage policies: version ${VERSION}` });
  const patience = Date.now() + 60_000;
  do await open(lucia, "/mailbox");
  while ((await mail.count()) === 0 && Date.now() < patience);
  await go(lucia, mail.first().getByRole("link"));
  must((await said(lucia)).includes("Weights are rounded."), "by mail too");

  // Its moment comes while somebody looks on.
  const until = moment.at + 5_000;
  let now;
  do {
    await open(anybody, "/policies");
    now = await said(anybody);
  } while (!now.includes(`Version ${VERSION}`) && Date.now() < until);
  must(now.includes(`Version ${VERSION}`) && Date.now() >= moment.at, "from its moment on, and not before, it is in force");
  await open(lucia, production);
  must((await said(lucia)).includes(`Accepted: version ${VERSION}`), "what was accepted early holds");
  await open(olga, `/console/policies/acceptances?version=${VERSION}`);
  must((await said(olga)).includes(project.project), "it stands who accepted what");
  await look(olga, "acceptances");
  const answer = await olga.context().request.get(`${portal}/console/policies/acceptances.csv?version=${VERSION}`);
  must(answer.ok() && (await answer.text()).includes(`"${project.project}",production,"${VERSION}"`), "and is taken away as a file");
  if (found.length > 0) throw new Error(found.join("\n"));
});
