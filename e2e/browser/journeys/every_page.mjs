// Every page for members and for the operator's staff, found by its links: accessible, as wide as the screen, light, in the reader's language.
import { demo, faults, go, inspect, mailed, must, ok, open, person, portal, signIn, walk } from "../browser.mjs";

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

const said = { spanish: "Se dice aquí.", english: "It is said here." };
/** A house that has one of each: where it is made, and of what. */
const furniture = [
  ["/console/plans/new", { name: "gold", title_es: "Oro", title_en: "Gold", rate_requests: "500", rate_window: "10" }],
  ["/console/queues/rules/new", { name: "With a contract", "active_contract-yes": true }],
  ["/console/queues/templates/new", { name: "No contract", ...said }],
  ["/console/announcements/new", { title_spanish: "Corte", title_english: "Outage", text_spanish: said.spanish, text_english: said.english }],
  ["/console/apis/tracking/rules", { hidden: true }],
];

/** Who keeps customer keys for others. */
const platform = demo.projects.find((project) => project.customer_type === "integrator");
/** Who becomes one of the staff. */
const recruit = demo.portal.accounts.find((account) => account.role === "viewer");
/** Who looks at what; of `starts` every page that their links lead to, and at least so many kinds of them. */
const walkers = [
  [demo.portal.accounts.find((account) => account.role === "owner"), ["/organisations", "/account"], 40],
  [demo.portal.accounts.find((account) => account.organisation === platform.organisation), ["/organisations"], 45],
  [demo.portal.operator, ["/console", "/mailbox", `/console/projects/${platform.project_id}/customer-keys`], 65],
];

/** Fills in the form of the page that is open, by the ids of its fields, and sends it. */
async function send(page, fields) {
  for (const [id, value] of Object.entries(fields)) {
    const field = page.locator(`#${id}`);
    await (value === true ? field.check() : field.fill(value));
  }
  await go(page, page.locator("main form[method=post] button:not([type=button])").last());
}

/** What is wrong with the page that says what is wrong with a form: every one that may not be left empty is sent so. */
async function refusals(page) {
  const found = [];
  const forms = [...furniture.slice(0, 4).map(([path]) => path), "/console/apis/new", "/console/policies/new", "/console/staff/invite"];
  for (const path of forms) {
    await open(page, path);
    await page.locator("main form").last().evaluate((form) => { form.noValidate = true; });
    await go(page, page.locator("main form[method=post] button:not([type=button])").last());
    if ((await page.locator("main [role=alert]").count()) === 0) found.push(`${path}: an empty form is not refused`);
    found.push(...(await faults(page, `${path}, refused`)));
  }
  return found;
}

/** What is wrong with a member's page as staff see it, who are asked first what for. */
async function looking(page) {
  await open(page, `/projects/${demo.projects[0].project_id}`);
  const found = await faults(page, "asked what for");
  await page.setViewportSize({ width: NARROW.width, height: 900 });
  found.push(...(await faults(page, "asked what for, narrow")));
  await page.locator("#reason").fill("ticket 7");
  await go(page, page.locator("form[action$='/look'] button"));
  must(new URL(page.url()).pathname.startsWith("/projects/"), "who says what for goes on to the page");
  found.push(...(await faults(page, "looked at by staff, narrow")));
  await page.setViewportSize({ width: WIDE.width, height: 900 });
  return [...found, ...(await faults(page, "looked at by staff"))];
}

/** Makes the house one that has one of each, as the operator. */
async function furnish(browser, olga) {
  for (const [path, fields] of furniture) {
    await open(olga, path);
    await send(olga, fields);
    must((await olga.locator(".notice.ok").count()) > 0, `something is made at ${path}`);
  }
  await open(olga, "/console/staff/invite");
  await send(olga, { email: recruit.email, "role-viewer": true });
  const vera = await person(browser);
  await signIn(vera, recruit.email, recruit.password);
  await open(vera, await mailed(olga, recruit.email, "/staff/accept"));
  await send(vera, {});
  must(new URL(vera.url()).pathname.startsWith("/console"), "somebody joins the staff");
}

await walk(async (browser) => {
  const found = [];
  const olga = await person(browser);
  await signIn(olga, demo.portal.operator.email, demo.portal.operator.password);
  found.push(...(await refusals(olga)));
  await furnish(browser, olga);
  found.push(...(await looking(olga)));
  // What members have too is looked at once, as they have it.
  const looked = new Set();
  for (const [who, starts, least] of walkers) {
    const whose = who.organisation ?? "the operator";
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
    if (who === walkers[0][0]) {
      // So that something waits in that queue too when the operator comes.
      await open(wide, [...paths.values()].find((path) => path.endsWith("/customer-type")));
      await send(wide, { "customer_type-integrator": true, reason: "We ship for shops." });
      must((await wide.locator("main .notice.warn q").innerText()) === "We ship for shops.", "a customer type is asked for");
    }
  }
  if (found.length > 0) throw new Error(found.join("\n"));
  ok(`nothing wrong with any at ${portal}`);
});
