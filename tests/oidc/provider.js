// A real provider of OpenID Connect for the tests, with its own pages for signing in. Its address goes to standard output.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [redirect, people] = [process.argv[2], JSON.parse(process.argv[3])];
const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "gongyan", client_secret: "a secret of the tests", redirect_uris: [redirect] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "staff_number"] },
    pkce: { required: () => true },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
