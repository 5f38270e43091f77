// An OpenID Connect provider that nobody here wrote (`oidc-provider`), for tests of signing on by one.
//
// `node staff_provider.mjs PORT PORTAL SECRET` serves http://127.0.0.1:PORT and prints `ready`. Whoever types a name into its page is the person of that
// name: `ana` administers, `luis` looks and reads English, `bea` looks, `nadie` is in no group, `eva` never confirmed her address. Any password will do.
import { Provider } from "oidc-provider";

const [port, portal, secret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const groups = { ana: ["postigo-admins", "everybody"], luis: ["postigo-viewers"], bea: ["postigo-viewers"], nadie: ["everybody"], eva: ["postigo-admins"] };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "postigo",
      client_secret: secret,
      redirect_uris: [`${portal}/sign-in/staff/callback`],
      post_logout_redirect_uris: [`${portal}/`],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      backchannel_logout_uri: `${portal}/sign-in/staff/logout`,
      backchannel_logout_session_required: true,
      require_auth_time: true,
    },
  ],
  claims: { openid: ["sub"], profile: ["name", "locale"], email: ["email", "email_verified"], groups: ["groups"] },
  scopes: ["openid", "profile", "email", "groups"],
  pkce: { required: () => true },
  features: {
    // Its own pages: a field for the name, one for the password, one button to consent.
    devInteractions: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    backchannelLogout: { enabled: true },
  },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({
      sub,
      name: sub[0].toUpperCase() + sub.slice(1),
      locale: sub === "luis" ? "en-GB" : "es-ES",
      email: `${sub}@operator.example`,
      email_verified: sub !== "eva",
      groups: groups[sub] ?? [],
    }),
  }),
  // It refuses to post to addresses of this machine, where the test's portal is.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 300, IdToken: 300 },
  cookies: { keys: ["a key of a test"] },
});

provider.on("server_error", (_, error) => console.error(error));
provider.on("backchannel.error", (_, error) => console.error(error));
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
