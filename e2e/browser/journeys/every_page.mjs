// Every page for members and for the operator's staff, found by its links: accessible, as wide as the screen, light, in the reader's language.
import { demo, faults, must, ok, open, person, portal, signIn, walk } from "../browser.mjs";

const MOST_BYTES = 100 * 1024;

/** An address with its ids and the values of its query left out: pages of one kind are looked at once. */
const kind = (address) => address.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|sbx_\w+|prd_\w+/g, "{id}").replace(/=[^&]*/g, "");

/** Pages of everybody's, which another journey looks at, and what is no page. */
const skipped = /^\/(apis|guides|errors|event-matrix|policies|support|status|sign-in|register|recover|assets)\b|^\/$|\.(json|csv|xlsx)$|\/console\/frame|\/light$|^\/account\/data\/export/;

async function crawl(page, starts) {
  const paths = new Map(starts.map((path) => [kind(path), path]));
  for (const path of paths.values()) {
    const status = await open(page, path);
    if (status !== 200) throw new Error(`${path} answers ${status}`);
    // Not to the same page in the other language.
    const links = await page.locator("a[href^='/']:not([hreflang])").evaluateAll((all) => all.map((a) => a.pathname + a.search));
    for (const link of links) if (!skipped.test(link.split("?")[0]) && !paths.has(kind(link))) paths.set(kind(link), link);
  }
  return [...paths.values()];
}

await walk(async (browser) => {
  const owner = demo.portal.accounts.find((account) => account.role === "owner");
  const found = [];
  for (const [who, starts, least] of [[owner, ["/organisations", "/account"], 20], [demo.portal.operator, ["/console", "/mailbox"], 6]]) {
    const scout = await person(browser);
    await signIn(scout, who.email, who.password);
    const paths = await crawl(scout, starts);
    must(paths.length >= least, `${paths.length} kinds of pages for ${who.role ?? "the operator"}: ${paths.map(kind).join(" ")}`);
    for (const [language, scheme, width] of [["en", "light", 1280], ["es", "dark", 360]]) {
      const reader = await person(browser, { language, scheme, width });
      await signIn(reader, who.email, who.password);
      let bytes = 0;
      reader.on("response", async (response) => {
        bytes += (await response.body().catch(() => "")).length;
      });
      for (const path of paths) {
        bytes = 0;
        await open(reader, path);
        const lang = await reader.locator("html").getAttribute("lang");
        if (lang !== language) found.push(`${path}: in ${lang}, not ${language}`);
        if (bytes > MOST_BYTES) found.push(`${path}: ${bytes} bytes`);
        found.push(...(await faults(reader, `${path} ${language} ${scheme} ${width}`)));
      }
      ok(`all of them in ${language}, ${scheme}, ${width} px`);
    }
  }
  if (found.length > 0) throw new Error(found.join("\n"));
  ok(`nothing wrong with any at ${portal}`);
});
