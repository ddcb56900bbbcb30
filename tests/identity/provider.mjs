// An OpenID Connect provider for tests, on a free port of 127.0.0.1: it takes whoever says who they are. A login NAME.TENANT
// gives access tokens for the resource https://council.test, with the claims `uid` (NAME) and `tenant` (TENANT).
//
// Prints "provider listening on URL" when it is ready, and "granted TYPE" for each token that it gives. SIGHUP replaces all
// its keys, and the algorithm that signs access tokens by the next one; then it prints "keys replaced N", from 1 on.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const algorithms = ['RS256', 'ES256', 'EdDSA'];
let generation = 0;

function newKeys() {
  const pairs = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  };
  return Object.entries(pairs).map(([alg, { privateKey }]) => (
    { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: `${alg}-${generation}` }));
}

// What is kept, sessions and grants, outlives a provider: the storage in memory is the module's.
function newProvider(issuer) {
  const alg = algorithms[generation % algorithms.length];
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'council',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback'],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    }],
    jwks: { keys: newKeys() },
    cookies: { keys: ['of no importance'] },
    claims: { openid: ['sub', 'name'] },
    conformIdTokenClaims: false,
    findAccount: (context, id) => (
      { accountId: id, claims: () => ({ sub: id, name: `${id.split('.')[0]} of ${id.split('.')[1]}` }) }),
    extraTokenClaims: (context, token) => (
      { uid: token.accountId.split('.')[0], tenant: token.accountId.split('.')[1] }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    features: {
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'council.read council.write',
          audience: 'https://council.test',
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg } },
        }),
      },
    },
  });
  provider.on('grant.success', (context) => console.log(`granted ${context.oidc.params.grant_type}`));
  return provider;
}

let answer;
const server = createServer((request, response) => answer(request, response));
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  answer = newProvider(issuer).callback();
  process.on('SIGHUP', () => {
    generation += 1;
    answer = newProvider(issuer).callback();
    console.log(`keys replaced ${generation}`);
  });
  console.log(`provider listening on ${issuer}`);
});
