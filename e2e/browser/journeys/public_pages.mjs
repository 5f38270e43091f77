// Every page that anybody may see, in both languages, both schemes and two widths: accessible, as wide as the screen, light.
import { inspect, must, ok, person, portal, walk } from "../browser.mjs";

const WIDE = { language: "en", scheme: "light", width: 1280 };
const NARROW = { language: "es", scheme: "dark", width: 360 };
const MOST_ALIKE = 5;

await walk(async (browser) => {
  const found = [];
  const wide = await person(browser, WIDE);
  // Whatever a public page links to is a public page. Of pages that differ in their data only, a few are looked at; that every
  // link leads somewhere is tested without a browser.
  const seen = new Set(["/"]);
  const alike = new Map();
  for (const path of seen) {
    found.push(...(await inspect(wide, path, WIDE)));
    const links = await wide.locator("a[href^='/']").evaluateAll((all) => all.map((a) => new URL(a.href).pathname));
    for (const link of links) {
      if (seen.has(link) || /\.(json|csv|xlsx|atom)$|^\/mailbox/.test(link)) continue;
      const [, first, ...rest] = link.split("/");
      const kind = `${first} ${rest.length}`;
      const count = alike.get(kind) ?? 0;
      if (first !== "guides" && count >= MOST_ALIKE) continue;
      alike.set(kind, count + 1);
      seen.add(link);
    }
  }
  must(seen.size > 20, `${seen.size} public pages found by their links`);
  ok("looked at all of them in English, light and wide");

  const narrow = await person(browser, NARROW);
  for (const path of seen) found.push(...(await inspect(narrow, path, NARROW)));
  ok("and in Spanish, dark and narrow");
  if (found.length > 0) throw new Error(found.join("\n"));
  ok(`nothing wrong with any at ${portal}`);
});
