// An account from nothing to a forgotten password and back, once with the script and once without it: whatever a door asks for
// is in the mailbox, and nothing opens before its owner was there.
import { faults, go, must, open, person, portal, signIn, walk } from "../browser.mjs";

const FIRST = "siete barcos de papel";
const SECOND = "ocho faros sin mar";

/** Whether somebody is signed in on the page that is open. */
const inside = async (page) => (await page.locator('form[action="/sign-out"]').count()) > 0;

/** Presses the button of the form that posts there. */
async function press(page, action) {
  await go(page, page.locator(`main form[action="${action}"] button`).first());
}

/** Opens the newest mail to `email` and follows its link to `path`. */
async function follow(page, email, path) {
  await open(page, "/mailbox");
  await page.locator("tr", { hasText: email }).first().locator("a").click();
  await page.waitForURL(/\/mailbox\/./);
  const link = page.locator(`.letter a[href^="${portal}${path}?token="]`);
  const address = await link.getAttribute("href");
  await link.click();
  await page.waitForURL((url) => url.pathname === path);
  return address;
}

/** Tries to sign in; whether it worked. */
async function tried(page, email, password) {
  await open(page, "/sign-in");
  await page.locator('[autocomplete~="username"]').fill(email);
  await page.locator('[autocomplete~="current-password"]').fill(password);
  await press(page, "/sign-in");
  return inside(page);
}

await walk(async (browser) => {
  for (const [language, scheme, width, script] of [["es", "dark", 360, true], ["en", "light", 1280, false]]) {
    const how = script ? "with the script" : "without it";
    const email = `${language}.${Date.now()}@tienda.example`;
    const page = await person(browser, { language, scheme, width, script });
    const found = [];
    const look = async (what) => {
      // What looks at a page is itself a script.
      if (script) found.push(...(await faults(page, `${what} ${language}`)));
    };

    await open(page, "/register?next=/policies");
    await look("register");
    await page.locator('[autocomplete~="username"]').fill(email);
    await page.locator('[autocomplete~="name"]').fill("Ana <b>Tienda</b>");
    await page.locator('[autocomplete~="new-password"]').fill("corta");
    await press(page, "/register");
    must((await page.locator("[data-errors]").count()) === 1, `a password that is too short is refused at once, ${how}`);
    await look("register again");
    must((await page.locator('[autocomplete~="username"]').inputValue()) === email, `and what was typed is still there, ${how}`);
    await page.locator('[autocomplete~="new-password"]').fill(FIRST);
    await press(page, "/register");
    must((await page.locator("main").innerText()).includes(email), `registering says where to look, ${how}`);
    await look("look into your mail");

    must(!(await tried(page, email, FIRST)), `an address that nobody confirmed opens nothing, ${how}`);
    must((await page.locator('main form[action="/register/again"]').count()) === 1, `and there is a way to another link, ${how}`);
    await look("unverified");

    await open(page, "/mailbox");
    await look("mailbox");
    const link = await follow(page, email, "/verify");
    await look("verify");
    await press(page, "/verify");
    must(page.url().startsWith(`${portal}/sign-in?next=%2Fpolicies`), `confirming leads to signing in and keeps where one was going, ${how}`);
    await look("sign in");
    await page.locator('[autocomplete~="username"]').fill(email);
    await page.locator('[autocomplete~="current-password"]').fill(FIRST);
    await press(page, "/sign-in");
    must((await inside(page)) && page.url() === `${portal}/policies`, `the password opens the account and leads there, ${how}`);
    must((await page.goto(link)).status() === 404, `the link is used up, ${how}`);
    await look("dead link");

    await page.locator('form[action="/sign-out"] button').click();
    await page.waitForLoadState();
    must(!(await inside(page)), `signing out closes it, ${how}`);

    await open(page, "/recover");
    await look("recover");
    await page.locator('[autocomplete~="username"]').fill(email);
    await press(page, "/recover");
    await look("recovering");
    await follow(page, email, "/recover/new-password");
    await look("new password");
    await page.locator('[autocomplete~="new-password"]').fill(SECOND);
    await press(page, "/recover/new-password");
    must(page.url().startsWith(`${portal}/sign-in`) && !(await inside(page)), `a new password signs nobody in, ${how}`);
    must(!(await tried(page, email, FIRST)), `the old one is refused, ${how}`);
    await look("refused");
    await signIn(page, email, SECOND);
    must(await inside(page), `the new one opens the account, ${how}`);
    if (found.length > 0) throw new Error(found.join("\n"));
  }
});
