// An API from a file to the first call: faults with their lines, mended; published with an origin behind it, called through the gateway
// within a second; a version that breaks callers says for whom before it is live; deprecated, its answers say until when; retired, it is gone.
// The operator reads it all in one language and the member in the other.
import { createServer } from "node:http";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demo, faults, go, languages, must, open, person, reader, signIn, walk } from "../browser.mjs";

const sandbox = demo.environments.sandbox.base_url;
const [shop] = demo.projects.filter((project) => project.project === "Tienda web" && project.environment === "sandbox");
const owner = demo.portal.accounts.find((account) => account.organisation === shop.organisation && account.role === "owner");

/** The document of an API over this origin; `extra` is a line in its operation. */
const text = (origin, extra = "") => `openapi: 3.1.0
info: {title: Returns, version: "1"}
paths:
  /returns/{code}:
    get:
      operationId: readReturn
      security: [{oauth: [RET]}]
      parameters: [{name: code, in: path, required: true, schema: {type: string}}${extra}]
      responses: {default: {description: What became of it}}
components: {securitySchemes: {oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://x", scopes: {RET: Returns}}}}}}
x-postigo: {name: returns, upstreams: {sandbox: ["${origin}"]}}
`;

/** Asks for a token that may call it, and calls it. */
async function call() {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: shop.client_id, client_secret: shop.client_secret, scope: "RET" });
  const token = await (await fetch(`${sandbox}/oauth2/token`, { method: "POST", body: form })).json();
  return fetch(`${sandbox}/returns/1`, { headers: { authorization: `Bearer ${token.access_token}` } });
}

/** Calls it until it answers so, for a second at most: what was changed holds within one. */
async function within(status) {
  const until = Date.now() + 1000;
  let answer;
  do answer = await call();
  while (answer.status !== status && Date.now() < until);
  return answer;
}

const said = (page) => page.locator("main").innerText();
const noticed = (page) => page.locator(".notice.ok").innerText();

const { operator, member } = languages();
const [olgas, lucias] = [reader(operator), reader(member)];

await walk(async (browser) => {
  const server = createServer((_, response) => response.end("returned")).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const folder = mkdtempSync(join(tmpdir(), "publishing-"));
  const file = (name, content) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const found = [];
  try {
    const olga = await person(browser, { language: operator });
    const look = async (what) => found.push(...(await faults(olga, what)));
    await signIn(olga, demo.portal.operator.email, demo.portal.operator.password);
    await open(olga, "/console/apis");
    await go(olga, olga.locator("main a[href='/console/apis/new']").first());
    await look("uploading");
    await olga.locator("main input[type=file]").setInputFiles(file("bad.yaml", text(origin).replace("name: returns", "name: Returns").replace("[RET]}]", "[]}]")));
    await go(olga, olga.locator("main form button").last());
    const wrong = await said(olga);
    const scopeless = olgas("no nombra ningún permiso", "names no scope");
    must(/7/.test(wrong) && wrong.includes("/x-postigo/name") && wrong.includes(scopeless), "every fault has its place and says what is wrong");
    await look("faults");

    await olga.locator("main input[type=file]").setInputFiles(file("good.yaml", text(origin)));
    await go(olga, olga.locator("main form button").last());
    must(new URL(olga.url()).pathname === "/console/apis/returns/drafts/1", "without faults it is a draft");
    must((await noticed(olga)).includes(olgas("Borrador guardado", "Draft kept")), "which is kept, as the page says");
    await look("a draft");
    const upstream = olga.locator("main form[action$='/upstreams#upstreams']");
    /** Tries the one origin on the page where Olga is, and tells what the page says came of it. */
    const tried = async () => {
      await upstream.locator("[name=path]").fill("/returns/1");
      await go(olga, upstream.locator("button"));
      return olga.locator("main [role=status]").innerText();
    };
    const answers = (came) => came.includes(`${origin}/returns/1`) && came.includes("200");
    must(answers(await tried()), "its origin is tried before it is live, and answers");
    await look("an origin of a draft that was tried");
    must((await call()).status === 404, "and nothing serves it yet");
    await go(olga, olga.locator("main form[action$='/publish'] button"));
    must((await noticed(olga)).includes(olgas("Publicada", "Published")), "published");
    must(answers(await tried()), "its origin is tried from the console, and answers");
    await look("an origin that was tried");

    const lucia = await person(browser, { language: member });
    await signIn(lucia, owner.email, owner.password);
    await open(lucia, "/apis/returns");
    must((await said(lucia)).includes("Returns"), "it has its page at once");
    const project = shop.project_id;
    await open(lucia, `/projects/${project}/access/new?api=returns`);
    await lucia.locator("#environment-sandbox").check();
    await go(lucia, lucia.locator("main form button").last());
    const first = await within(200);
    must(first.status === 200 && (await first.text()) === "returned", "and the first call comes through");
    must((await noticed(lucia)).includes(lucias("Acceso concedido", "Access granted")), "by the access that was granted at once");

    await open(olga, "/console/apis/returns/new");
    const breaking = text(origin, ", {name: reason, in: query, required: true, schema: {type: string}}");
    await olga.locator("main input[type=file]").setInputFiles(file("second.yaml", breaking));
    await go(olga, olga.locator("main form button").last());
    const compared = await said(olga);
    must(compared.includes(olgas("A quién le afecta lo que se rompe", "Whom what breaks reaches")), "a version that breaks calls says so");
    must(compared.includes(shop.organisation) && compared.includes("reason"), "what breaks is said, and for whom");
    await look("what a version changes");

    await open(olga, "/console/apis/returns/deprecate");
    await go(olga, olga.locator("main form[action$='/deprecate'] button").last());
    const until = Date.now() + 1000;
    let answer;
    do answer = await call();
    while (!answer.headers.has("deprecation") && Date.now() < until);
    must(answer.status === 200 && answer.headers.has("deprecation") && answer.headers.has("sunset"), "deprecated, its answers say until when");
    must((await noticed(olga)).includes(olgas("En desuso", "Deprecated")), "and so does the console");
    await open(olga, "/console/apis/returns/retire");
    await look("retiring");
    await olga.locator("#name").fill("returns");
    await go(olga, olga.locator("main form[action$='/retire'] button").last());
    must((await within(404)).status === 404, "retired, it is gone within a second");
    must((await noticed(olga)).includes(olgas("Retirada", "Retired")), "and the console says so");
    const gone = await open(lucia, "/apis/returns");
    must(gone === 410 && (await said(lucia)).includes(lucias("Esta API se retiró", "This API was retired")), "and so does its page");
  } finally {
    server.close();
  }
  if (found.length > 0) throw new Error(found.join("\n"));
});
