// The first call, with the light beside it: it waits, turns red with the layer that refused, and green, without a reload. Once in Spanish.
import { demo, faults, must, ok, open, person, signIn, walk } from "../browser.mjs";

const [shop] = demo.projects.filter((project) => project.project === "Mostrador" && project.environment === "sandbox");
const owner = demo.portal.accounts.find((account) => account.organisation === shop.organisation);
const base = demo.environments.sandbox.base_url;
const pair = shop.api_credentials.tracking;

async function token(secret) {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: shop.client_id, client_secret: secret });
  const answer = await fetch(`${base}/Api/Authorize/Token`, { method: "POST", body: form });
  return { status: answer.status, id: answer.headers.get("x-request-id"), token: answer.ok ? (await answer.json()).idToken : "" };
}

function call(bearer, headers) {
  return fetch(`${base}/support/trackpub/api/v2/search/PQXXX10000000010108013Z`, {
    headers: { authorization: `Bearer ${bearer}`, ...headers },
  });
}

await walk(async (browser) => {
  const page = await person(browser, { language: "es" });
  await signIn(page, owner.email, owner.password);
  const wrong = await token("mal copiada");
  must(wrong.status === 401, "a wrong secret gets no token");
  for (let turn = 0; turn < 40; turn++) {
    if ((await open(page, `/decisions?id=${wrong.id}`)) === 200) break;
    await page.waitForTimeout(100);
  }
  const project = new URL(page.url()).pathname.match(/^\/projects\/[^/]+/)?.[0];
  must(project, "the refused token request is found by its id");

  await open(page, `${project}/first-call`);
  const light = page.locator("[data-live] .light");
  must(/Rojo: se paró en «Cliente»/.test(await light.innerText()), "the light names the layer that refused the token");
  must((await page.locator("main").innerText()).includes(shop.client_id), "the client_id is there in clear");
  const found = await faults(page, "the first call");
  let loads = 0;
  page.on("load", () => loads++);

  const right = await token(shop.client_secret);
  must(right.status === 200, "the right secret gets a token");
  await page.locator("[data-live] .light.waiting").waitFor();
  ok("the light waits for the call that carries it");
  await call(right.token, {});
  await page.locator("[data-live] .light.red").waitFor();
  must(/Credencial de API/.test(await light.innerText()), "red: the API credential is missing");
  must((await light.locator("a[href='/errors/api-credential-missing']").count()) === 1, "and a link says what that means");
  await call(right.token, { client_id: pair.client_id, client_secret: pair.client_secret });
  await page.locator("[data-live] .light.green").waitFor();
  must(/hemos visto GET \/support\/trackpub/.test(await light.innerText()), "green: the call was seen");
  must(loads === 0, "without a reload");
  found.push(...(await faults(page, "the first call, green")));

  const plain = await person(browser, { language: "en", scheme: "dark", width: 360, script: false });
  await plain.goto("about:blank");
  await plain.context().addCookies(await page.context().cookies());
  await open(plain, `${project}/first-call`);
  must(/Green: we saw/.test(await plain.locator("[data-live]").innerText()), "without script the page says it too");
  if (found.length > 0) throw new Error(found.join("\n"));
});
