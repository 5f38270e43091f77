// An owner invites somebody by e-mail; the mail is read in the mailbox; the invited signs in, accepts, looks, and
// may do more once the owner says so.
import { demo, faults, go, mailed, must, ok, open, person, signIn, walk } from "../browser.mjs";

const owner = demo.portal.accounts.find((account) => account.role === "owner");
// Somebody with an account, of another organisation.
const invited = demo.portal.accounts.find((account) => account.organisation !== owner.organisation && account.email !== owner.email);

await walk(async (browser) => {
  const found = [];
  const lucia = await person(browser, { language: "es" });
  await signIn(lucia, owner.email, owner.password);
  await open(lucia, "/organisations");
  await go(lucia, lucia.getByRole("link", { name: owner.organisation }));
  const organisation = new URL(lucia.url()).pathname;
  await open(lucia, `${organisation}/members`);
  found.push(...(await faults(lucia, "members")));
  await lucia.locator("#email").fill(invited.email);
  await lucia.locator("#role-viewer").check();
  await go(lucia, lucia.getByRole("button", { name: "Enviar la invitación" }));
  must((await lucia.locator("main").innerText()).includes(invited.email), "the invitation is among the open ones");

  const path = await mailed(lucia, invited.email, "/invitations/accept");
  must((await lucia.locator("main").innerText()).includes(owner.organisation), `the mail is about ${owner.organisation}`);
  await open(lucia, path);
  must((await lucia.locator("main").innerText()).includes(`Has entrado como ${owner.email}`), "whoever is somebody else is told so");
  found.push(...(await faults(lucia, "invitation, somebody else")));

  // Without scripts, as everything must work.
  const pau = await person(browser, { language: "en", scheme: "dark", width: 360, script: false });
  await open(pau, path);
  await go(pau, pau.locator("main").getByRole("link", { name: "Sign in" }));
  await pau.locator('[autocomplete~="username"]').fill(invited.email);
  await pau.locator('[autocomplete~="current-password"]').fill(invited.password);
  await go(pau, pau.locator("main form button").first());
  must(new URL(pau.url()).pathname === "/invitations/accept", "signing in leads back to the invitation");
  must((await pau.locator("main").innerText()).includes("viewer"), "it says as what");
  await go(pau, pau.getByRole("button", { name: "Accept" }));
  must(new URL(pau.url()).pathname === organisation, "to accept leads to the organisation");
  must((await pau.locator("main a[href^='/projects/']").count()) > 0, "its projects are there");

  await open(pau, `${organisation}/members`);
  must((await pau.locator("#invite").count()) === 0, "a viewer is offered no invitation to send");
  must((await open(pau, `${organisation}/projects/new`)) === 403, "a viewer creates no project");
  must((await open(pau, path)) === 404, "the link worked once");

  await open(lucia, `${organisation}/members`);
  await go(lucia, lucia.locator("tr", { hasText: invited.email }).getByRole("link", { name: "Cambiar" }));
  await lucia.locator("#role-developer").check();
  await go(lucia, lucia.getByRole("button", { name: "Cambiar el papel" }));
  ok("the owner makes a developer of the viewer");
  must((await open(pau, `${organisation}/projects/new`)) === 200, "a developer creates projects");
  await pau.locator("#name").fill("By invitation");
  await pau.locator("[name=apis]").first().check();
  await go(pau, pau.getByRole("button", { name: "Create the project" }));
  must((await pau.locator(".stamp").first().innerText()).includes("pgs_sbx_"), "with a secret on its stamp");
  await open(pau, organisation);
  must(!(await pau.content()).includes("pgs_sbx_"), "and on no page after that");
  must((await pau.locator("main").innerText()).includes("By invitation"), "the project is among the others");

  if (found.length > 0) throw new Error(found.join("\n"));
});
