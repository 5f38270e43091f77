// Staff sign on by a provider that nobody here wrote: in both languages as far as the console, proving it again, leaving; and nobody gets in without a
// role, a verified address, or by coming back twice. The file it is given names
// the portal, and an account with the address of somebody whom the provider knows too.
import { demo, faults, go, must, open, person, portal, walk } from "../browser.mjs";

/** From the portal's button through the provider's own pages and back. */
async function signOn(page, name, language) {
  await open(page, "/sign-in");
  await go(page, page.getByRole("link", { name: language === "es" ? "Entrar con Casa (personal)" : "Sign in with Casa (staff)" }));
  await atProvider(page, name);
}

/** Says who one is at the provider, whose pages are English, and agrees to what it asks. */
async function atProvider(page, name) {
  await page.locator('[name="login"]').fill(name);
  await page.locator('[name="password"]').fill("any will do");
  await go(page, page.locator('button[type="submit"]'));
  if (!page.url().startsWith(portal)) await go(page, page.locator('button[type="submit"]'));
}

const said = (page) => page.locator("main").innerText();
const session = async (page) => (await page.context().cookies(portal)).some((cookie) => cookie.name === "postigo-session");

await walk(async (browser) => {
  const found = [];
  const ana = await person(browser, { language: "es" });
  await open(ana, "/sign-in");
  found.push(...(await faults(ana, "sign-in with a provider")));
  await signOn(ana, "ana", "es");
  must(new URL(ana.url()).pathname === "/console", "an administrator comes back to the console");
  must((await ana.locator("html").getAttribute("lang")) === "es", "in the language of the browser");
  await open(ana, "/account");
  must((await said(ana)).includes("ana@operator.example"), "with the account the provider vouched for");

  // Whoever signed on a moment ago has proved it; later it is the provider that asks again.
  await open(ana, "/account/prove/provider?next=/account/data");
  must(!ana.url().startsWith(portal), "proving it again leads to the provider, which asks although it knows her");
  await atProvider(ana, "ana");
  must(new URL(ana.url()).pathname === "/account/data", "and back to where she was going");

  const luis = await person(browser, { language: "en", scheme: "dark", width: 360, script: false });
  await signOn(luis, "luis", "en");
  must(new URL(luis.url()).pathname === "/console", "a viewer comes back to the console, without scripts too");
  must((await luis.locator("html").getAttribute("lang")) === "en", "in English");
  await Promise.all([luis.waitForEvent("load"), luis.locator('form[action="/sign-out"] button').click()]);
  must(!(await session(luis)), "signing out ends the session here");
  const leave = luis.getByRole("link", { name: "Leave Casa too" });
  must((await leave.getAttribute("href")).includes("/session/end?client_id=postigo"), "and offers to leave the provider too");
  const out = await leave.getAttribute("href");
  await go(luis, leave);
  await go(luis, luis.locator('button[name="logout"]'));
  must(luis.url().startsWith(`${portal}/`), "which leads back here");

  await signOn(luis, "luis", "en");
  await luis.goto(out);
  await go(luis, luis.locator('button[name="logout"]'));
  must((await session(luis)) && (await open(luis, "/console")) === 200, "the browser still holds its cookie");
  must(new URL(luis.url()).pathname === "/sign-in", "but whoever leaves at the provider is out here at once");

  const nadie = await person(browser, { language: "es", width: 360 });
  await signOn(nadie, "nadie", "es");
  must(new URL(nadie.url()).pathname === "/sign-in/staff/callback" && !(await session(nadie)), "without a role nobody gets in");
  must((await said(nadie)).includes("no te da ningún papel"), "and hears why, and whom to ask");
  found.push(...(await faults(nadie, "no role")));
  await nadie.reload();
  must((await said(nadie)).includes("ya se había usado"), "to come back twice is of no use");
  found.push(...(await faults(nadie, "used")));

  const eva = await person(browser, { language: "en", scheme: "dark" });
  await signOn(eva, "eva", "en");
  must((await said(eva)).includes("does not vouch for your e-mail address"), "nor without a verified address");
  found.push(...(await faults(eva, "unverified")));

  // The same address alone opens no account: its holder proves it, and is asked.
  const { email, password } = demo.portal.account;
  const bea = await person(browser, { language: "es", width: 360 });
  await signOn(bea, "bea", "es");
  must((await said(bea)).includes("no demuestra que seas la misma persona") && !(await session(bea)), "nor with somebody's address");
  found.push(...(await faults(bea, "address taken")));
  await go(bea, bea.getByRole("link", { name: "Demostrar que es mía" }));
  await bea.locator('[autocomplete~="username"]').fill(email);
  await bea.locator('[autocomplete~="current-password"]').fill(password);
  await bea.locator("main form button").first().click();
  await bea.waitForURL((url) => url.pathname === "/sign-in/staff");
  await bea.getByRole("link", { name: "Seguir" }).click();
  await bea.waitForURL((url) => url.pathname === "/sign-in/staff/link");
  must((await said(bea)).includes(email), "who signs in to that account is asked whether to link both");
  found.push(...(await faults(bea, "link")));
  await go(bea, bea.getByRole("button", { name: "Enlazar" }));
  must(new URL(bea.url()).pathname === "/console", "and is among the staff from then on");

  // Somebody cancels at the provider.
  const fresh = await person(browser, { language: "en" });
  await open(fresh, "/sign-in");
  await go(fresh, fresh.getByRole("link", { name: "Sign in with Casa (staff)" }));
  await go(fresh, fresh.getByRole("link", { name: /cancel/i }));
  must((await said(fresh)).includes("did not let you through"), "who cancels reads that nothing was changed");
  found.push(...(await faults(fresh, "cancelled")));

  // Another browser cannot use what was begun in this one.
  const begun = await person(browser);
  const [request] = await Promise.all([
    begun.waitForRequest((sent) => sent.url().includes("state=")),
    begun.goto(`${portal}/sign-in/staff`),
  ]);
  const state = new URL(request.url()).searchParams.get("state");
  const thief = await person(browser);
  await open(thief, `/sign-in/staff/callback?code=x&state=${encodeURIComponent(state)}`);
  must((await said(thief)).includes("another browser"), "another browser cannot finish it");
  if (found.length > 0) throw new Error(found.join("\n"));
});
