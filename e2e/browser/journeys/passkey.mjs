// A passkey of one's own, in a browser whose authenticator is virtual: added after signing in by password, used to sign in without
// one, renamed, removed. The demo must have a name (`--portal-host localhost`): browsers make no passkey for a bare address.
import { demo, faults, go, must, open, person, signIn, walk } from "../browser.mjs";

const { email, password } = demo.portal.accounts[0];

await walk(async (browser) => {
  const bare = await person(browser, { script: false });
  await signIn(bare, email, password);
  await open(bare, "/account/security/passkeys");
  must(!(await bare.locator("form[data-passkey]").isVisible()), "without script there is no form that could not work");
  must(await bare.locator("[data-without-passkeys]").isVisible(), "but words about what does");
  await bare.context().close();

  const page = await person(browser);
  const found = [];
  const devices = await page.context().newCDPSession(page);
  await devices.send("WebAuthn.enable");
  const { authenticatorId } = await devices.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const kept = async () => (await devices.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length;
  const main = page.locator("main");

  await signIn(page, email, password);
  await open(page, "/account/security");
  await main.locator('a[href^="/account/security/passkeys"]').click();
  await page.locator('[name="name"]').fill("Laptop");
  await page.locator('form[data-passkey="create"] button').click();
  const codes = (await page.locator("#recovery-codes").innerText()).trim().split("\n");
  must(codes.length === 10 && (await kept()) === 1, "a passkey is made, and ten recovery codes come with it");
  found.push(...(await faults(page, "recovery codes")));
  await main.locator('a[href="/account/security"]').click();
  must((await main.locator("tbody th").innerText()) === "Laptop", "it is listed by its name");
  found.push(...(await faults(page, "security")));

  await main.locator('a[href^="/account/security/passkeys"]').last().click();
  await page.locator('[name="name"]').fill("Again");
  await page.locator('form[data-passkey="create"] button').click();
  await page.locator("[data-said]").waitFor();
  must((await kept()) === 1, "the same device makes no second one, and the page says so");

  await page.locator('form[action="/sign-out"] button').click();
  await page.waitForURL((url) => url.pathname === "/");
  await open(page, "/sign-in");
  await page.locator('form[data-passkey="get"] button').click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  must((await open(page, "/account")) === 200 && page.url().endsWith("/account"), "it signs in without a password");
  must((await main.innerText()).includes(email), "as its owner");

  await open(page, "/account/security");
  await main.locator("tbody a").click();
  await page.locator('[name="name"]').fill('Blue "key" <1>');
  await main.locator("form button").click();
  must((await main.locator("tbody th").innerText()) === 'Blue "key" <1>', "it is renamed");
  await main.locator("tbody a").click();
  await main.locator('a[href$="/remove"]').click();
  found.push(...(await faults(page, "removing")));
  await go(page, main.locator("form button"));
  must(new URL(page.url()).pathname === "/account/security" && (await main.locator("tbody").count()) === 0, "it is removed");
  await page.locator('form[action="/sign-out"] button').click();
  await page.waitForURL((url) => url.pathname === "/");
  await signIn(page, email, password);
  must((await open(page, "/account")) === 200 && page.url().endsWith("/account"), "the password signs in alone again");
  if (found.length > 0) throw new Error(found.join("\n"));
});
