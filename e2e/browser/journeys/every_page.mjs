// Every page for members and for the operator's staff, found by its links: accessible, as wide as the screen, light, in the reader's language.
import { demo, inspect, must, ok, open, person, portal, signIn, walk } from "../browser.mjs";

const WIDE = { language: "en", scheme: "light", width: 1280 };
const NARROW = { language: "es", scheme: "dark", width: 360 };

/** An address with its ids and the values of its query left out: pages of one kind are looked at once. */
const kind = (address) => address.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|sbx_\w+|prd_\w+/g, "{id}").replace(/=[^&]*/g, "")
  .replace(/^\/console\/apis\/(?!new)[a-z0-9-]+/, "/console/apis/{api}").replace(/\/(drafts|preview)\/[^/?]+/g, "/$1/{name}");

/** Pages of everybody's, which another journey looks at, and what is no page. */
const skipped = /^\/(apis|guides|errors|event-matrix|policies|support|status|sign-in|register|recover|assets)\b|^\/$|\.(json|csv|xlsx)$|\/console\/frame|\/light$|^\/account\/data\/export/;

/** Where the links of the page that is open lead, but for the same page in the other language. */
function links(page) {
  return page.locator("a[href^='/']:not([hreflang])").evaluateAll((all) => all.map((a) => a.pathname + a.search));
}

await walk(async (browser) => {
  const owner = demo.portal.accounts.find((account) => account.role === "owner");
  const found = [];
  // What members have too is looked at once, as they have it.
  const looked = new Set();
  for (const [who, starts, least] of [[owner, ["/organisations", "/account"], 36], [demo.portal.operator, ["/console", "/mailbox"], 28]]) {
    const whose = who.role ?? "the operator";
    const wide = await person(browser, WIDE);
    await signIn(wide, who.email, who.password);
    const paths = new Map(starts.map((path) => [kind(path), path]));
    const fresh = [];
    for (const [of, path] of paths) {
      if (looked.has(of)) {
        const status = await open(wide, path);
        if (status !== 200) throw new Error(`${path} answers ${status} for ${whose}`);
      } else {
        looked.add(of);
        fresh.push(path);
        found.push(...(await inspect(wide, path, WIDE)));
      }
      for (const link of await links(wide)) {
        if (!skipped.test(link.split("?")[0]) && !paths.has(kind(link))) paths.set(kind(link), link);
      }
    }
    must(paths.size >= least, `${paths.size} kinds of pages for ${whose}: ${[...paths.keys()].join(" ")}`);
    ok(`looked at ${fresh.length} of them in English, light and wide`);

    const narrow = await person(browser, NARROW);
    await signIn(narrow, who.email, who.password);
    for (const path of fresh) found.push(...(await inspect(narrow, path, NARROW)));
    ok("and in Spanish, dark and narrow");
  }
  if (found.length > 0) throw new Error(found.join("\n"));
  ok(`nothing wrong with any at ${portal}`);
});
