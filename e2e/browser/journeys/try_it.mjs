// Somebody tries an API in its console: the call goes out in the name of their project, and no secret reaches the browser.
import { demo, must, ok, open, person, portal, signIn, walk } from "../browser.mjs";

await walk(async (browser) => {
  const developer = demo.portal.accounts.find((account) => account.role === "developer");
  const page = await person(browser);
  const elsewhere = [];
  const sent = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(portal)) elsewhere.push(request.url());
    if (request.url().includes("/console/call/")) sent.push(request);
  });
  await open(page, "/apis/tracking/console");
  must(page.url().includes("/sign-in?next="), "nobody is sent to sign in first");
  await signIn(page, developer.email, developer.password);
  await open(page, "/apis/tracking");
  await page.getByRole("link", { name: "Try it" }).click();
  const frame = page.frameLocator("iframe.console");
  // It draws an operation when its reader gets there.
  await frame.getByRole("link", { name: /Track a parcel/ }).first().click();
  await frame.getByRole("button", { name: /test request/i }).first().waitFor();
  ok("the console opens in its frame, under the strict policy");

  await frame.getByRole("button", { name: /test request/i }).first().click();
  const answered = page.waitForResponse((answer) => answer.url().includes("/console/call/") && answer.request().method() !== "OPTIONS");
  await Promise.all([answered, frame.getByRole("button", { name: /^send/i }).first().click()]);
  const response = await answered;
  const headers = await response.request().allHeaders();
  // The example's parcel is nobody's: what matters is that the API itself answered, past every check of the gateway.
  must([200, 404].includes(response.status()), `the API answered ${response.status()}`);
  must(response.headers()["x-request-id"], "the answer has a request id");
  must(headers.authorization.startsWith("Bearer pgx_") && headers.cookie === undefined, "the frame has a ticket, and no cookie");
  const secrets = demo.projects.flatMap((project) => [project.client_secret, ...Object.values(project.api_credentials).map((pair) => pair.client_secret)]);
  const document = await (await page.request.get(page.frames()[1].url())).text();
  must(secrets.length > 5 && secrets.every((secret) => secret && !document.includes(secret)), "no secret of any project is in the frame");
  must(sent.length > 0 && elsewhere.length === 0, `nothing was asked of anybody else: ${elsewhere}`);
  const policy = page.wrongs.filter((wrong) => /Content Security Policy/.test(wrong));
  must(policy.length === 0, `the policy blocked nothing: ${policy}`);
});
