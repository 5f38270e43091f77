// A member asks for production access with a reason and links a contract; the operator approves the one in one click, activates the other
// and rejects a third with a reason; the member reads all of it, by mail too, and a token of production has the scope and no other.
import { demo, faults, go, must, open, person, portal, signIn, walk } from "../browser.mjs";

// Somebody whose project has no client in production yet, and one request that waits since the demo began.
const project = demo.projects.find((one) => one.scopes.join(" ") === "LBS TPB");
const owner = demo.portal.accounts.find((account) => account.organisation === project.organisation && account.role === "owner");
const REASON = "Seguimos 200 paquetes al día <b>desde</b> el mostrador";
const REFUSAL = "El contrato no cubre etiquetas: pide antes que se amplíe";

const said = (page) => page.locator("main").innerText();

await walk(async (browser) => {
  const found = [];
  const sol = await person(browser, { language: "es" });
  await signIn(sol, owner.email, owner.password);
  await open(sol, "/organisations");
  await go(sol, sol.getByRole("link", { name: owner.organisation }));
  const organisation = new URL(sol.url()).pathname;
  await go(sol, sol.locator("main a[href^='/projects/']", { hasText: project.project }).first());
  const base = new URL(sol.url()).pathname;

  // A contract, which production takes.
  await open(sol, `${organisation}/contracts`);
  await sol.locator("#number").fill("54000077");
  await sol.locator("#client_number").fill("80000077");
  await sol.locator("#labeller").fill("PSO7");
  await go(sol, sol.getByRole("button", { name: "Vincular" }));
  must((await said(sol)).includes("54000077"), "the contract is linked and waits");

  // Access: without a reason nobody could decide it.
  await open(sol, `${base}/access`);
  found.push(...(await faults(sol, "access")));
  await go(sol, sol.getByRole("link", { name: "Pedir acceso" }));
  found.push(...(await faults(sol, "choose an API")));
  await go(sol, sol.locator("main a[href*='api=tracking']"));
  await sol.locator("#environment-production").check();
  await go(sol, sol.getByRole("button", { name: "Pedir acceso" }));
  must(await sol.locator("#reason[aria-invalid]").isVisible(), "without a reason, the reason is asked for");
  must(await sol.locator("#environment-production").isChecked(), "what was chosen is kept");
  found.push(...(await faults(sol, "a reason is missing")));
  await sol.locator("#reason").fill(REASON);
  await go(sol, sol.getByRole("button", { name: "Pedir acceso" }));
  const request = new URL(sol.url()).pathname;
  must((await said(sol)).includes("La decide la operadora"), "the request says who decides it");
  found.push(...(await faults(sol, "a request that waits")));

  // The operator, without scripts, as everything must work.
  const olga = await person(browser, { scheme: "dark", script: false });
  await signIn(olga, demo.portal.operator.email, demo.portal.operator.password);
  await open(olga, "/console");
  await go(olga, olga.locator("main").getByRole("link", { name: "Access requests" }));
  const waiting = olga.locator("main tbody tr", { hasText: REASON });
  must((await waiting.count()) === 1, "the request is in the queue, its reason as it was typed");
  must((await waiting.innerText()).includes(owner.organisation), "with its organisation");
  await go(olga, waiting.getByRole("button", { name: "Approve" }));
  must((await olga.locator("main tbody tr", { hasText: REASON }).count()) === 0, "one click approves it, and it leaves the queue");
  must((await olga.locator(".notice.ok").innerText()).includes("Approved"), "and that is said");
  must((await olga.content()).includes("client_secret") === false, "no secret passes the operator's screen");

  const other = olga.locator("main tbody tr", { hasText: owner.organisation }).first();
  await go(olga, other.getByRole("link", { name: /Reject/ }));
  must((await said(olga)).includes("54000077"), "a request stands beside what its organisation has");
  await olga.locator("#reason").fill(REFUSAL);
  await go(olga, olga.getByRole("button", { name: "Reject" }));
  must((await olga.locator(".notice.ok").innerText()).includes("Rejected"), "another is rejected with a reason");

  await open(olga, "/console/contracts");
  await go(olga, olga.locator("main tbody tr", { hasText: "54000077" }).getByRole("button", { name: "Activate" }));
  must((await olga.locator("main tbody tr", { hasText: "54000077" }).count()) === 0, "the contract is activated in one click");

  // What the member sees of it.
  await open(sol, request);
  must((await said(sol)).includes("concedido"), "the member sees it approved");
  must((await said(sol)).includes("credencial de API"), "and what is still missing");
  await open(sol, `${base}/access`);
  must((await said(sol)).includes(REFUSAL), "the reason of the rejection is on the page");
  await open(sol, `${organisation}/contracts`);
  must((await sol.locator("main tbody tr", { hasText: "54000077" }).innerText()).includes("activo"), "the contract is active");
  await open(sol, "/mailbox");
  for (const [subject, part] of [["approved: tracking", `${portal}${base}/access`], ["rejected: labels", REFUSAL], ["54000077 activated", organisation]]) {
    await open(sol, "/mailbox");
    await go(sol, sol.locator("main tr", { hasText: owner.email }).filter({ hasText: subject }).getByRole("link"));
    must((await said(sol)).includes(part), `a mail says: ${subject}`);
  }

  // Production itself.
  await open(sol, `${base}/production`);
  const policies = sol.locator("main form[action$='/policies']");
  await go(sol, policies.getByRole("button"));
  must(new URL(sol.url()).pathname === `${base}/production`, "accepting the policies leads back to what is left to do");
  await go(sol, sol.locator("main form[action$='/production']").getByRole("button"));
  const value = (name) => sol.locator(`.stamp.production code[id$='-${name}']`).first().innerText();
  const pair = { client_id: await value("client_id"), client_secret: await value("client_secret") };
  const answer = await fetch(`${demo.environments.production.base_url}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", ...pair }),
  });
  const token = await answer.json();
  must(answer.status === 200 && token.scope === "TPB", `a token of production has what was approved and nothing else: ${token.scope ?? token.error}`);

  if (found.length > 0) throw new Error(found.join("\n"));
});
