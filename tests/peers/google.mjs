// The certified provider, as Google: claims stand in the id_token.
import { Provider } from 'oidc-provider';
import { client, common, serve } from './served.mjs';

const people = {
  'g-1': { sub: 'g-1', email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' },
  'g-2': { sub: 'g-2', email: 'ada@example.com', email_verified: false, name: 'Mallory' },
};

serve((issuer) => new Provider(issuer, {
  ...common,
  clients: [client(process.argv[2])],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => people[id] },
}));
