// A secret is replaced while programs go on: with an overlap both work all the time; revoked, the old one stops within a second.
import { demo, faults, must, ok, open, person, portal, signIn, walk } from "../browser.mjs";

const [shop] = demo.projects.filter((project) => project.project === "Tienda web" && project.environment === "sandbox");
const developer = demo.portal.accounts.find((account) => account.organisation === shop.organisation && account.role === "developer");
const base = demo.environments.sandbox.base_url;

/** Asks for a token; the answer's status. */
async function token(secret, scope = "") {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: shop.client_id, client_secret: secret });
  if (scope) form.set("scope", scope);
  const answer = await fetch(`${base}/oauth2/token`, { method: "POST", body: form });
  return { status: answer.status, id: answer.headers.get("x-request-id") };
}

/** The project's page, by the id of one of its requests. */
async function findProject(page) {
  const refused = await token(shop.client_secret, "NOSUCHSCOPE");
  for (let turn = 0; turn < 40; turn++) {
    if ((await open(page, `/decisions?id=${refused.id}`)) === 200) break;
    await page.waitForTimeout(100);
  }
  const found = new URL(page.url()).pathname.match(/^\/projects\/[^/]+/);
  must(found, "the id of a request leads to its project");
  return found[0];
}

await walk(async (browser) => {
  const page = await person(browser);
  await signIn(page, developer.email, developer.password);
  const project = await findProject(page);
  await open(page, project);
  must(await page.locator("main").getByText(shop.client_id).first().isVisible(), "the client_id is on the overview");

  // What the programs out there do meanwhile.
  let going = true;
  const statuses = { old: [], fresh: [] };
  const secrets = { old: shop.client_secret, fresh: "" };
  const program = (async () => {
    while (going) {
      for (const name of ["old", "fresh"]) {
        if (secrets[name]) statuses[name].push((await token(secrets[name])).status);
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  })();

  await page.locator("a[href$='/rotate']").first().click();
  await page.locator("input[name=overlap][value='24h']").check();
  await page.locator("main form button").click();
  const shown = page.locator("#issued-client_secret");
  const fresh = (await shown.textContent()).trim();
  must(fresh.startsWith("pgs_sbx_") && fresh !== shop.client_secret, "the new secret is shown");
  const found = await faults(page, "the page that shows a secret");
  secrets.fresh = fresh;
  while (statuses.fresh.length < 5) await page.waitForTimeout(20);
  must(statuses.old.every((status) => status === 200) && statuses.fresh.length > 3, "the old one worked all the time");
  must(statuses.fresh.every((status) => status === 200), "the new one worked from the start");

  await open(page, project);
  must(!(await page.content()).includes(fresh), "no other page shows it");
  must((await page.locator("#sandbox ~ .stamp a[href$='/revoke']").count()) >= 2, "both secrets are listed");
  found.push(...(await faults(page, "the overview")));

  // The older secret stands first.
  await page.locator("#sandbox ~ .stamp a[href*='/secrets/'][href$='/revoke']").first().click();
  must(/within a second/.test(await page.locator("main").innerText()), "the page says what stops");
  found.push(...(await faults(page, "the page that asks")));
  await page.locator("main form button").click();
  await page.waitForURL((url) => url.pathname === project);
  const until = Date.now() + 1000;
  let old;
  do old = (await token(shop.client_secret)).status;
  while (old !== 401 && Date.now() < until);
  must(old === 401, "the old one has stopped within a second");
  must((await token(fresh)).status === 200, "the new one goes on");
  going = false;
  await program;
  must(statuses.fresh.every((status) => status === 200), "and never failed");
  if (found.length > 0) throw new Error(found.join("\n"));
  ok(`nothing wrong with the pages at ${portal}`);
});
