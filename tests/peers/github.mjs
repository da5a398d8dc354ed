// The certified provider on GitHub's paths: OAuth without OpenID, and people behind an API.
import { Provider } from 'oidc-provider';
import { client, common, serve } from './served.mjs';

const people = {
  1001: {
    id: 1001, login: 'ada', name: 'Ada Lovelace', email: null,
    emails: [
      { email: 'ada@old.example.com', primary: false, verified: true },
      { email: 'ada@example.com', primary: true, verified: true },
    ],
  },
  // The address in the profile is somebody else's, and the one in the list is not proved.
  1002: {
    id: 1002, login: 'mallory', name: null, email: 'ada@example.com',
    emails: [{ email: 'ada@example.com', primary: true, verified: false }],
  },
};

serve((address) => {
  // GitHub calls itself by this path in its callbacks.
  const provider = new Provider(`${address}/login/oauth`, {
    ...common,
    clients: [client(process.argv[2])],
    scopes: ['read:user', 'user:email'],
    routes: { authorization: '/login/oauth/authorize', token: '/login/oauth/access_token' },
    features: { devInteractions: { enabled: true }, userinfo: { enabled: false } },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id }) },
  });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/api/v3/user')) return next();
    const [, value] = (ctx.get('authorization') || '').split(' ');
    const token = await provider.AccessToken.find(value || '');
    if (!token) {
      ctx.status = 401;
      ctx.body = { message: 'Bad credentials' };
      return undefined;
    }
    const { emails, ...user } = people[token.accountId];
    const may = token.scope.split(' ').includes(ctx.path.endsWith('/emails') ? 'user:email' : 'read:user');
    ctx.status = may ? 200 : 404;
    ctx.body = may ? (ctx.path.endsWith('/emails') ? emails : user) : { message: 'Not Found' };
    return undefined;
  });
  return provider;
});
