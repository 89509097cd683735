// A real provider of OpenID Connect for tests; anybody may sign in there by a name, whatever the password.
import { Provider } from "oidc-provider";

const people = {
  anna: { email: "Anna@example.org", email_verified: true, name: "Anna Berg" },
  eve: { email: "anna@example.org", email_verified: false, name: "Eve" },
};
const issuer = `http://127.0.0.1:${process.env.PORT}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: "diary", client_secret: process.env.CLIENT_SECRET, redirect_uris: ["http://127.0.0.1/auth/callback"] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  pkce: { required: () => true },
});
// The servers of tests are at any port.
provider.Client.prototype.redirectUriAllowed = (uri) => /^http:\/\/127\.0\.0\.1:\d+\/auth\/callback$/.test(uri);
provider.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("listening"));
