// The lying provider: the fault of the next sign-ins is named on standard input, a line each.
import crypto from 'node:crypto';
import readline from 'node:readline';
import { OAuth2Server } from 'oauth2-mock-server';

const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(0, '127.0.0.1');
server.issuer.url = `http://127.0.0.1:${server.address().port}`;

const { CLIENT_ID: us, CLIENT_SECRET: secret } = process.env;
const them = 'somebody-else';
let fault = 'none';
let nonce;

const claims = {
  expired: (c) => { c.iat -= 7200; c.exp = c.iat + 60; },
  'from the future': (c) => { c.iat += 86400; c.exp += 86400; },
  'never expires': (c) => { delete c.exp; },
  'without issue': (c) => { delete c.iat; },
  'for somebody else': (c) => { c.aud = them; },
  'for somebody else, by us': (c) => { c.aud = them; c.azp = us; },
  'for others too': (c) => { c.aud = [them, us]; c.azp = us; },
  'by another party': (c) => { c.azp = them; },
  'for nobody': (c) => { delete c.aud; },
  'of another issuer': (c) => { c.iss = 'http://127.0.0.1:1'; },
  'of another sign-in': (c) => { c.nonce = 'another'; },
  'of no sign-in': (c) => { delete c.nonce; },
  'about nobody': (c) => { delete c.sub; },
  'about a number': (c) => { c.sub = 7; },
  'not proved, in a word': (c) => { c.email_verified = 'false'; },
  'proved, in a word': (c) => { c.email_verified = 'true'; },
  'not proved': (c) => { c.email_verified = false; },
};

const encode = (content) => Buffer.from(JSON.stringify(content)).toString('base64url');
const decode = (text) => JSON.parse(Buffer.from(text, 'base64url'));
const answers = {
  'changed afterwards': (r) => {
    const [head, body, signature] = r.body.id_token.split('.');
    r.body.id_token = [head, encode({ ...decode(body), sub: 'g-2' }), signature].join('.');
  },
  unsigned: (r) => {
    r.body.id_token = `${encode({ alg: 'none', typ: 'JWT' })}.${r.body.id_token.split('.')[1]}.`;
  },
  'signed with our secret': (r) => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${r.body.id_token.split('.')[1]}`;
    const signature = crypto.createHmac('sha256', secret).update(text).digest('base64url');
    r.body.id_token = `${text}.${signature}`;
  },
  'signed with another key': (r) => {
    const [head, body] = r.body.id_token.split('.');
    const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signature = crypto.sign('sha256', Buffer.from(`${head}.${body}`), privateKey);
    r.body.id_token = `${head}.${body}.${signature.toString('base64url')}`;
  },
  'no id_token': (r) => { delete r.body.id_token; },
  'no access_token': (r) => { delete r.body.access_token; },
  empty: (r) => { r.body = {}; },
  'an error': (r) => { r.statusCode = 400; r.body = { error: 'invalid_grant' }; },
  broken: (r) => { r.statusCode = 500; r.body = { error: 'server_error' }; },
  'no JSON': (r) => { r.body = 'x'; },
};
const redirects = {
  'another state': (url) => { url.searchParams.set('state', 'another'); },
  'no state': (url) => { url.searchParams.delete('state'); },
  'another issuer in the answer': (url) => { url.searchParams.set('iss', 'http://127.0.0.1:1'); },
  'no code': (url) => { url.searchParams.delete('code'); },
  'another code': (url) => { url.searchParams.set('code', 'another'); },
  'an error with markup': (url) => {
    url.searchParams.set('error', 'access_denied');
    url.searchParams.set('error_description', '<script>alert(1)</script>');
  },
};

server.service.on('beforeAuthorizeRedirect', (redirect, request) => {
  nonce = new URL(request.url, server.issuer.url).searchParams.get('nonce');
  redirects[fault]?.(redirect.url);
});
server.service.on('beforeTokenSigning', (token) => {
  Object.assign(token.payload, {
    sub: 'g-1', aud: us, nonce, email: 'ada@example.com', email_verified: true, name: 'Ada',
  });
  claims[fault]?.(token.payload);
});
server.service.on('beforeResponse', (response) => answers[fault]?.(response));

console.log(server.issuer.url);
console.log(Object.keys({ ...claims, ...answers, ...redirects }).join('\t'));
const lines = readline.createInterface({ input: process.stdin });
lines.on('line', (line) => { fault = line; console.log(fault); });
lines.on('close', () => process.exit(0));
