// Somebody who knows nothing of this place makes a first call: from the home page to the green light, by what the pages say alone.
// Once with the script, tracking a parcel; once without it, asking for labels. Prints how many pages and seconds it took.
import { execFileSync } from "node:child_process";
import { faults, go, must, ok, open, person, portal, walk } from "../browser.mjs";

const PASSWORD = "doce gaviotas en fila";

/** A value as a POSIX shell takes it. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Runs what a page printed, as bash reads it; what it printed. */
function bash(code) {
  return execFileSync("bash", ["-c", code], { encoding: "utf8", env: { PATH: process.env.PATH, HOME: "/nonexistent" } });
}

await walk(async (browser) => {
  for (const [api, title, script, scheme, width] of [["tracking", /Track/, true, "light", 1280], ["labels", /Label/, false, "dark", 360]]) {
    const how = script ? "with the script" : "without it";
    const email = `newcomer.${api}.${Date.now()}@shop.example`;
    const page = await person(browser, { language: "en", scheme, width, script });
    const main = page.locator("main");
    const found = [];
    let looking = 0;
    const look = async (what) => {
      // What looks at a page is itself a script.
      if (!script) return;
      const since = Date.now();
      found.push(...(await faults(page, what)));
      looking += Date.now() - since;
    };
    const shown = async (id) => (await page.locator(`#${id}`).textContent()).trim();
    const began = Date.now();
    let pages = 0;
    page.on("load", () => pages++);

    await open(page, "/");
    await look("home");
    await go(page, main.getByRole("link", { name: "Register" }).first());
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Your name").fill("Nico Newcomer");
    await page.getByLabel("Password").fill(PASSWORD);
    await go(page, page.getByRole("button", { name: "Create the account" }));
    must((await main.innerText()).includes(email), `registering says where the mail went, ${how}`);
    await go(page, main.getByRole("link", { name: "See the mailbox" }));
    await go(page, main.locator("tr", { hasText: email }).getByRole("link"));
    await go(page, main.locator(`.letter a[href^="${portal}/verify?token="]`));
    await go(page, page.getByRole("button", { name: "Confirm my address" }));
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await go(page, main.getByRole("button", { name: "Sign in", exact: true }));
    must((await page.locator('form[action="/sign-out"]').count()) === 1, `the mail's link and the password open the account, ${how}`);
    await look("nothing yet");

    await go(page, main.getByRole("link", { name: "Create the first one" }));
    await page.getByLabel("Name of the organisation").fill(`Newcomers of ${email}`);
    await go(page, page.getByRole("button", { name: "Create the organisation" }));
    await look("founded");
    const client = { id: await shown("client-client_id"), secret: await shown("client-client_secret") };
    must(client.id.startsWith("sbx_") && client.secret.startsWith("pgs_sbx_"), `the organisation is born with credentials, ${how}`);
    must((await main.innerText()).includes("it will not be shown again"), `and the page says that they are shown once, ${how}`);

    await go(page, main.getByRole("link", { name: "Make the first call" }));
    const project = new URL(page.url()).pathname.match(/^\/projects\/[^/]+/)[0];
    must(!(await page.content()).includes(client.secret), `the secret is on no other page, ${how}`);
    await look("no access yet");
    await go(page, main.getByRole("link", { name: "Ask for access" }).first());
    await look("which API");
    await go(page, main.locator(`a[href*="api=${api}"]`).first());
    await go(page, page.getByRole("button", { name: "Ask for access" }));
    const granted = await main.innerText();
    const pair = { id: await shown("issued-client_id"), secret: await shown("issued-client_secret") };
    must(/approved .* at once/.test(granted) && pair.secret.length > 20 && pair.secret !== client.secret, `access comes at once, with its credential, ${how}`);
    await look("access");

    await go(page, page.locator("nav.rail").getByRole("link", { name: "First call" }));
    const light = page.locator("[data-live] .light");
    must(/waiting/i.test(await light.innerText()), `the light waits, ${how}`);
    must(!(await page.content()).includes(pair.secret), `and shows no secret, ${how}`);
    await look("the first call");

    // What the page prints, with the secrets put where it says.
    const [exports, ...calls] = await main.locator("pre code").allTextContents();
    must(calls.length === 1, `one call to copy, ${how}`);
    const secrets = { POSTIGO_CLIENT_SECRET: client.secret, POSTIGO_API_CLIENT_SECRET: pair.secret };
    const put = exports.replace(/export (\w+)='…'/g, (_, name) => `export ${name}=${quoted(secrets[name])}`);
    must(!put.includes("…") && calls[0].includes(client.id) && calls[0].includes(pair.id), `only the secrets had to be put in, ${how}`);
    const before = pages;
    const answer = bash(`${put}\n${calls[0]}`);
    must(/^HTTP\/[\d.]+ (200|201|404)\b/.test(answer), `the API answered what was copied: ${answer.split("\r\n")[0]}, ${how}`);
    await page.locator("[data-live] .light.green").waitFor();
    if (script) must(pages === before, "the light is green, without a reload");
    else ok("the light is green; the page reloaded itself");
    const took = (Date.now() - began - looking) / 1000;
    console.log(`${api}, ${how}: ${pages} pages, ${took.toFixed(1)} s from the home page to the green light`);
    await look("green");
    await go(page, light.getByRole("link", { name: "See the decision" }));
    must(title.test(await main.innerText()) || (await main.innerText()).includes(api), `the decision tells which API it was, ${how}`);
    if (found.length > 0) throw new Error(found.join("\n"));
  }
});
