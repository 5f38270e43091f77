// An organisation is suspended in the console while its programs call: the reason is asked for, all its calls stop within a second and no other's
// do, its members read why, by mail too; resumed, they pass again with the same keys. The operator reads one language and the member the other.
import { chooseLanguage, demo, faults, go, languages, must, open, person, reader, signIn, walk } from "../browser.mjs";

const sandbox = demo.environments.sandbox.base_url;
const of = (name) => demo.projects.find((project) => project.project === name && project.environment === "sandbox");
const [shop, other] = [of("Tienda web"), of("Plataforma")];
const owner = demo.portal.accounts.find((account) => account.organisation === shop.organisation && account.role === "owner");

const { operator, member } = languages();
const [olgas, lucias] = [reader(operator), reader(member)];
// What somebody wrote stays in the language it was written in.
const MONTH = olgas("octubre", "October");
const REASON = olgas(`Facturas de <${MONTH}> sin pagar: llámanos`, `Invoices of <${MONTH}> not paid: call us`);

/** A token of a project, and what the answer's status was. */
async function token(project) {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: project.client_id, client_secret: project.client_secret });
  const answer = await fetch(`${sandbox}/oauth2/token`, { method: "POST", body: form });
  return { status: answer.status, value: (await answer.json()).access_token };
}

/** Calls an API with a token; the status. */
async function call(value) {
  const answer = await fetch(`${sandbox}/track/v1/trackingnumbers`, {
    method: "POST",
    headers: { authorization: `Bearer ${value}`, "content-type": "application/json" },
    body: JSON.stringify({ includeDetailedScans: false, trackingInfo: [{ trackingNumberInfo: { trackingNumber: "794644790200" } }] }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Calls until it is answered so, for a second at most. */
async function within(value, status) {
  const until = Date.now() + 1000;
  let answer;
  do answer = await call(value);
  while (answer !== status && Date.now() < until);
  return answer;
}

const said = (page) => page.locator("main").innerText();
const noticed = (page) => page.locator(".notice.ok").innerText();

await walk(async (browser) => {
  const mine = (await token(shop)).value;
  const theirs = (await token(other)).value;
  must((await call(mine)) === 200 && (await call(theirs)) === 200, "both organisations' programs call");
  const found = [];
  const lucia = await person(browser, { language: member });
  await signIn(lucia, owner.email, owner.password);
  await chooseLanguage(lucia, member);
  const olga = await person(browser, { language: operator });
  await signIn(olga, demo.portal.operator.email, demo.portal.operator.password);
  await open(olga, `/console/organisations?q=${shop.client_id}`);
  await go(olga, olga.locator("main tbody a", { hasText: shop.organisation }));
  const organisation = new URL(olga.url()).pathname;
  await go(olga, olga.locator("main a[href$='/suspend']"));
  found.push(...(await faults(olga, "suspending")));
  const form = olga.locator("main form[action$='/suspend']");
  await form.locator("#reason").evaluate((field) => field.removeAttribute("required"));
  await go(olga, form.locator("button"));
  const wrong = await olga.locator("#reason-wrong").innerText();
  must(wrong.includes(olgas("lo lee la organización", "the organisation reads it")), "a reason is asked for, and it is said who reads it");
  must((await call(mine)) === 200, "without a reason nothing is suspended");
  await olga.locator("#reason").fill(REASON);
  await go(olga, olga.locator("main form[action$='/suspend'] button"));
  must((await within(mine, 401)) === 401, "its token is refused within a second");
  must((await token(shop)).status === 401 && (await call(theirs)) === 200, "it gets no other, and nobody else is touched");
  must((await noticed(olga)).includes(olgas("Organización suspendida", "Organisation suspended")), "the console says so");
  found.push(...(await faults(olga, "suspended")));

  await open(lucia, organisation.replace("/console", ""));
  const stopped = lucias("La operadora ha suspendido esta organización.", "The operator suspended this organisation.");
  must((await said(lucia)).includes(stopped), "its members read that it is suspended");
  must((await said(lucia)).includes(REASON), "and why");
  found.push(...(await faults(lucia, "a member of a suspended organisation")));
  await open(lucia, "/mailbox");
  const mail = lucia.locator("main tr", { hasText: owner.email }).filter({ hasText: lucias("está suspendida", "is suspended") });
  await go(lucia, mail.first().getByRole("link"));
  must((await said(lucia)).includes(MONTH), "by mail too");

  await go(olga, olga.locator("main form[action$='/resume'] button"));
  must((await within(mine, 200)) === 200 && (await token(shop)).status === 200, "resumed, the same token and the same keys pass again within a second");
  must((await noticed(olga)).includes(olgas("Organización reactivada", "Organisation resumed")), "and the console says so");
  if (found.length > 0) throw new Error(found.join("\n"));
});
