// An independent provider. Its address is the first line it prints, and it ends when whoever
// began it closes its standard input. So none is ever left behind.
import http from 'node:http';

export function serve(makeProvider) {
  const server = http.createServer();
  server.listen(Number(process.argv[3]), '127.0.0.1', () => {
    const address = `http://127.0.0.1:${server.address().port}`;
    const provider = makeProvider(address);
    const answer = provider.callback();
    server.on('request', (request, response) => {
      // A browser requests this by itself, and would log a 404 in its console.
      if (request.url === '/favicon.ico') response.writeHead(204).end();
      else answer(request, response);
    });
    console.log(address);
  });
  process.stdin.on('end', () => process.exit(0));
  process.stdin.resume();
}

// Both are registered as real ones are: one client, one secret, one address to come back to.
export const client = (redirectUri) => ({
  client_id: process.env.CLIENT_ID,
  client_secret: process.env.CLIENT_SECRET,
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_post',
});

export const common = {
  pkce: { required: () => true },
  cookies: { keys: ['for-tests-only'] },
  ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
};
