// Registers the demo servers of compose.yaml at the gateway, as its administrator: node register-demo.mjs REGISTRY_URL PATH=URL …
// Run again, it corrects their addresses. The password comes from the environment.
const [registry, ...servers] = process.argv.slice(2);
const { ADMIN_USER = 'admin', ADMIN_PASSWORD } = process.env;

async function send(method, path, body, cookie = '') {
  const headers = { 'content-type': 'application/json', ...(cookie !== '' && { cookie }) };
  return fetch(`${registry}${path}`, {
    method,
    headers,
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
}

async function requireOk(response) {
  if (!response.ok) throw new Error(`${response.url} responded with ${response.status}: ${await response.text()}`);
  return response;
}

const login = await requireOk(await send('POST', '/api/session', { username: ADMIN_USER, password: ADMIN_PASSWORD }));
const cookie = login.headers
  .getSetCookie()
  .map((line) => line.split(';')[0])
  .join('; ');
for (const server of servers) {
  const path = server.slice(0, server.indexOf('='));
  const url = server.slice(path.length + 1);
  let response = await send('POST', '/api/servers', { path, url, tags: ['demo'] }, cookie);
  if (response.status === 409) response = await send('PATCH', `/api/servers/${path}`, { url }, cookie);
  const { applied } = await (await requireOk(response)).json();
  console.log(`${path} is registered at ${url} (${applied ? 'live' : 'not live yet'})`);
}
