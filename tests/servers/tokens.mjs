// A hospital's service for access tokens: node-oidc-provider, a certified server, on loopback. Its tokens are JWTs as Dovecot checks them.
// node tests/servers/tokens.mjs PORT KEY ACCOUNT   (KEY: the PEM that signs, known to Dovecot as k1). Prints one line of JSON when it listens.
// GET /__set?fault=expired|somebody|none, ?client=gone|back and /__count are the test's own doors.
import crypto from 'node:crypto';
import fs from 'node:fs';
import { Provider } from 'oidc-provider';

const [port, keyFile, account] = process.argv.slice(2);
const resource = 'urn:hospital:mail';
const jwk = crypto.createPrivateKey(fs.readFileSync(keyFile)).export({ format: 'jwk' });
const client = {
  client_id: 'safelight',
  client_secret: 'a-secret-of-the-tests-and-of-nothing-else',
  grant_types: ['client_credentials', 'refresh_token', 'authorization_code'],
  redirect_uris: ['https://safelight.test/back'],
  scope: 'mail offline_access openid',
  token_endpoint_auth_method: 'client_secret_post',
};
const asked = { client_credentials: 0, refresh_token: 0 };
let fault = 'none';
let gone = false;

const provider = new Provider('https://login.test/tenant', {
  clients: [client],
  jwks: { keys: [{ ...jwk, kid: 'k1', alg: 'RS256', use: 'sig' }] },
  scopes: ['mail', 'openid', 'offline_access'],
  clientAuthMethods: ['client_secret_post'],
  rotateRefreshToken: true,
  ttl: { ClientCredentials: 3600, AccessToken: 3600, RefreshToken: 86400, Grant: 86400 },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'mail', audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  },
  formats: {
    customizers: {
      jwt(_, __, made) {
        made.header = { ...made.header, typ: 'JWT' }; // what Dovecot 2.3 takes
        made.payload.upn = fault === 'somebody' ? 'opinion@nhs.test' : account;
        if (fault === 'expired') made.payload.exp = made.payload.iat - 600;
      },
    },
  },
});

const { createServer } = await import('node:http');
const server = createServer((request, response) => {
  const at = new URL(request.url, 'http://localhost');
  if (at.pathname === '/__set') {
    fault = at.searchParams.get('fault') ?? fault;
    gone = (at.searchParams.get('client') ?? (gone ? 'gone' : 'back')) === 'gone';
    return response.end('set');
  }
  if (at.pathname === '/__count') return response.end(JSON.stringify(asked));
  return listening(request, response);
});
provider.use(async (ctx, next) => {
  await next();
  const kind = ctx.oidc?.params?.grant_type;
  if (ctx.status === 200 && kind in asked) asked[kind] += 1;
});
const listening = provider.callback();
const found = provider.Client.find.bind(provider.Client);
provider.Client.find = async (id) => (gone ? undefined : found(id));

const grant = new provider.Grant({ accountId: account, clientId: 'safelight' });
grant.addResourceScope(resource, 'mail');
grant.addOIDCScope('offline_access openid');
const grantId = await grant.save();
const refresh = new provider.RefreshToken({
  accountId: account,
  client: await found('safelight'),
  grantId,
  gty: 'authorization_code',
  scope: 'offline_access openid mail',
  resource,
});
const value = await refresh.save();
server.listen(Number(port), '127.0.0.1', () => console.log(JSON.stringify({ refresh: value })));
