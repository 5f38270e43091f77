// Every page that anybody may see, in both languages, both schemes and two widths: accessible, as wide as the screen, light.
import { demo, faults, must, ok, open, person, portal, walk } from "../browser.mjs";

const MOST_BYTES = 100 * 1024;
const MOST_ALIKE = 5;

await walk(async (browser) => {
  const scout = await person(browser);
  // Whatever a public page links to is a public page. Of pages that differ in their data only, a few are looked at; that every
  // link leads somewhere is tested without a browser.
  const seen = new Set(["/"]);
  const alike = new Map();
  for (const path of seen) {
    const status = await open(scout, path);
    if (status !== 200) throw new Error(`${path} answers ${status}`);
    const links = await scout.locator("a[href^='/']").evaluateAll((all) => all.map((a) => new URL(a.href).pathname));
    for (const link of links) {
      if (seen.has(link) || /\.(json|csv|xlsx)$|^\/mailbox/.test(link)) continue;
      const [, first, ...rest] = link.split("/");
      const kind = `${first} ${rest.length}`;
      const count = alike.get(kind) ?? 0;
      if (first !== "guides" && count >= MOST_ALIKE) continue;
      alike.set(kind, count + 1);
      seen.add(link);
    }
  }
  must(seen.size > 20, `${seen.size} public pages found by their links`);

  const found = [];
  for (const [language, scheme, width] of [["en", "light", 1280], ["es", "dark", 360]]) {
    const reader = await person(browser, { language, scheme, width });
    let bytes = 0;
    reader.on("response", async (response) => {
      bytes += (await response.body().catch(() => "")).length;
    });
    for (const path of seen) {
      bytes = 0;
      await open(reader, path);
      const lang = await reader.locator("html").getAttribute("lang");
      if (lang !== language) found.push(`${path}: in ${lang}, not ${language}`);
      if (!path.endsWith("/console") && bytes > MOST_BYTES) found.push(`${path}: ${bytes} bytes`);
      found.push(...(await faults(reader, `${path} ${language} ${scheme} ${width}`)));
    }
    ok(`all of them in ${language}, ${scheme}, ${width} px`);
  }
  if (found.length > 0) throw new Error(found.join("\n"));
  ok(`nothing wrong with any at ${portal}, ${demo.portal.url}`);
});
