// A real browser on the running demo, and what every journey needs of it.
//
// A journey is a program: `node journeys/NAME.mjs CREDENTIALS.json`. It prints `ok WHAT` for everything it saw and ends with
// an error at the first thing that is not so; a picture of the page is left beside the credentials then. One that is walked in both
// languages is told the operator's: `node journeys/NAME.mjs CREDENTIALS.json es`; its members have the other.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The demo's credentials, as `postigo demo --json` writes them. */
export const demo = JSON.parse(readFileSync(process.argv[2], "utf8"));

/** The portal's address. */
export const portal = demo.portal.url;

/** Says that something was seen. */
export function ok(what) {
  console.log(`ok ${what}`);
}

/** Stops the journey unless `truth` holds. */
export function must(truth, what) {
  if (!truth) throw new Error(`not so: ${what}`);
  ok(what);
}

/** Who reads what on a journey in both languages: the operator the language that was asked for, members the other one. */
export function languages() {
  const operator = process.argv[3];
  if (operator !== "es" && operator !== "en") throw new Error("say the operator's language after the credentials: es or en");
  return { operator, member: operator === "es" ? "en" : "es" };
}

/** Picks the words that somebody reads in this language, as the pages have them: `reader("es")("Guardado", "Saved")`. */
export function reader(language) {
  return (spanish, english) => (language === "es" ? spanish : english);
}

const executablePath = process.env.POSTIGO_E2E_CHROMIUM ?? "/usr/bin/chromium";

/** Runs `journey` with a browser; everything is closed afterwards, whatever happens. */
export async function walk(journey) {
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });
  try {
    await journey(browser);
  } catch (error) {
    const pages = browser.contexts().flatMap((context) => context.pages());
    for (const [at, page] of pages.entries()) {
      const picture = join(dirname(process.argv[2]), `failed-${at}.png`);
      await page.screenshot({ path: picture, fullPage: true }).catch(() => {});
      console.error(`page ${at}: ${page.url()} (${picture})`);
      console.error(await page.locator("main").innerText({ timeout: 1000 }).catch(() => "no main"));
    }
    throw error;
  } finally {
    await browser.close();
  }
}

/**
 * Somebody at a browser of their own. Whatever the page's policy blocks or its script throws ends the journey.
 * @param {{ language?: string, scheme?: "light" | "dark", width?: number, script?: boolean }} who
 */
export async function person(browser, { language = "en", scheme = "light", width = 1280, script = true } = {}) {
  const context = await browser.newContext({
    locale: language === "es" ? "es-ES" : "en-GB",
    colorScheme: scheme,
    viewport: { width, height: 900 },
    javaScriptEnabled: script,
    timezoneId: "Europe/Madrid",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.wrongs = [];
  page.on("pageerror", (error) => page.wrongs.push(String(error)));
  page.on("console", (message) => {
    // A refused form is answered 4xx on purpose, and Chromium says so.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) page.wrongs.push(message.text());
  });
  return page;
}

/** Opens a path of the portal. */
export async function open(page, path) {
  const response = await page.goto(portal + path, { waitUntil: "load" });
  return response?.status() ?? 0;
}

/** Clicks what leads to another page, and waits for it. */
export async function go(page, what) {
  await Promise.all([page.waitForEvent("load"), what.click()]);
}

/** Signs in with an e-mail address and a password. */
export async function signIn(page, email, password) {
  await open(page, "/sign-in");
  await page.locator('[autocomplete~="username"]').fill(email);
  await page.locator('[autocomplete~="current-password"]').fill(password);
  await page.locator("main form button").first().click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/** Whoever is signed in chooses the language of their pages, and of their mails, which know no browser. */
export async function chooseLanguage(page, language) {
  await open(page, "/account");
  await page.locator("#language").selectOption(language);
  await go(page, page.locator("main form", { has: page.locator("#language") }).locator("button"));
}

/** The path and query of the link to `path` in the newest mail to an address, read in the mailbox. */
export async function mailed(page, address, path) {
  must((await open(page, "/mailbox")) === 200, "the mailbox is there");
  await go(page, page.locator("main tr", { hasText: address }).first().getByRole("link"));
  const links = (await page.locator("main").innerText()).match(/https?:\/\/\S+/g) ?? [];
  const [link] = links.filter((link) => link.startsWith(portal + path));
  must(link, `a mail to ${address} has a link to ${path} of the portal`);
  return link.slice(portal.length);
}

/** What anybody would complain about on the page that is open: accessibility, overflow, errors of scripts, weight. */
export async function faults(page, what) {
  const found = [];
  // Outside the page's own policy, which rightly lets nobody add a script.
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of result.violations) {
    const nodes = violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join("\n    ");
    found.push(`${what}: ${violation.id}: ${violation.help}\n    ${nodes}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) found.push(`${what}: ${wide} px too wide`);
  found.push(...page.wrongs.splice(0).map((wrong) => `${what}: ${wrong}`));
  return found;
}

/** The most that a page weighs with all it loads. */
const MOST_BYTES = 100 * 1024;

/**
 * Opens a path as somebody who reads so, and answers what anybody would complain about there, its language and its weight too.
 * @param {{ language: string, scheme: string, width: number }} sight
 */
export async function inspect(page, path, { language, scheme, width }) {
  const weights = [];
  const weigh = (response) => {
    // A stream has no end to wait for.
    if (response.headers()["content-type"] === "text/event-stream") return;
    weights.push(response.body().then((body) => body.length, () => 0));
  };
  page.on("response", weigh);
  const status = await open(page, path);
  page.off("response", weigh);
  if (status !== 200) throw new Error(`${path} answers ${status}`);
  const found = [];
  const lang = await page.locator("html").getAttribute("lang");
  if (lang !== language) found.push(`${path}: in ${lang}, not ${language}`);
  const bytes = (await Promise.all(weights)).reduce((sum, weight) => sum + weight, 0);
  if (bytes > MOST_BYTES) found.push(`${path}: ${bytes} bytes`);
  found.push(...(await faults(page, `${path} ${language} ${scheme} ${width}`)));
  return found;
}
