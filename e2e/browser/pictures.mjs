// Takes the pictures of the README and docs/tour.md from a running demo: `node pictures.mjs CREDENTIALS.json`, with the demo's --json file.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { demo, must, open, person, portal, signIn, walk } from "./browser.mjs";

const folder = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));
mkdirSync(folder, { recursive: true });

await walk(async (browser) => {
  const account = (role) => demo.portal.accounts.find((one) => one.role === role);
  const shop = demo.projects.find((project) => project.organisation === account("owner").organisation && project.environment === "sandbox");
  const take = async (page, name, path, height = 860) => {
    await page.setViewportSize({ width: 1280, height });
    const status = await open(page, path);
    // Moments and ids differ from one demo to the next; what is looked at does not.
    must(status === 200, `${name}: ${path}`);
    await page.screenshot({ path: `${folder}${name}.png` });
  };

  const anyone = await person(browser);
  await take(anyone, "home", "/");
  await take(anyone, "operation", "/apis/preregister/createDelivery");

  const developer = await person(browser);
  await signIn(developer, account("developer").email, account("developer").password);
  await take(developer, "project", `/projects/${shop.project_id}`);

  // The first call, made for real, so that the light is green.
  const project = `/projects/${shop.project_id}`;
  const token = await fetch(`${demo.environments.sandbox.base_url}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", client_id: shop.client_id, client_secret: shop.client_secret }),
  }).then((answer) => answer.json());
  const pair = shop.api_credentials.tracking;
  await fetch(`${demo.environments.sandbox.base_url}/support/trackpub/api/v2/search/PQXXXX00000000128014X`, {
    headers: { authorization: `Bearer ${token.access_token}`, client_id: pair.client_id, client_secret: pair.client_secret },
  });
  await take(developer, "first-call", `${project}/first-call`);

  const spanish = await person(browser, { language: "es", scheme: "dark" });
  await signIn(spanish, demo.portal.operator.email, demo.portal.operator.password);
  await take(spanish, "console-es", "/console/access");

  await developer.setViewportSize({ width: 1280, height: 1000 });
  await open(developer, "/apis/tracking/console");
  const frame = developer.frameLocator("iframe.console");
  // It draws an operation when its reader gets there.
  await frame.getByRole("link", { name: /Track a parcel/ }).first().click();
  await frame.getByRole("button", { name: /test request/i }).first().waitFor();
  await developer.screenshot({ path: `${folder}try-it.png` });
  console.log(`six pictures of ${portal} in ${folder}`);
});
