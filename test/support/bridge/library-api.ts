import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../gateway/start-gateway.ts';
import { sendJson, startApi, type Api, type SeenRequest } from './start-api.ts';

export const LIBRARY = readFileSync(join(ROOT, 'test/fixtures/openapi/library.yaml'), 'utf8');
export const TOKEN = 'library-token-123';
/** The response to `GET /books/1/cover`. */
export const COVER = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);

/** A REST API as test/fixtures/openapi/library.yaml describes it, which needs a bearer token and returns what it was sent. */
export async function startLibraryApi(): Promise<Api> {
  const seen: SeenRequest[] = [];
  const api = await startApi((request, response) => {
    seen.push(request);
    const { method, url, headers, body } = request;
    const [path = ''] = url.split('?');
    if (path === '/openapi.yaml') response.writeHead(200, { 'content-type': 'application/yaml' }).end(LIBRARY);
    else if (method === 'HEAD') response.writeHead(404).end();
    else if (headers.authorization !== `Bearer ${TOKEN}`)
      sendJson(response, 401, { error: `who is ${headers.authorization ?? 'this'}?` });
    else if (path === '/v1/slow') return;
    else if (path === '/v1/books/missing')
      sendJson(response, 404, { error: 'no such book', token: headers.authorization });
    else if (method === 'DELETE') response.writeHead(204).end();
    else if (method === 'GET' && path.endsWith('/cover'))
      response.writeHead(200, { 'content-type': 'image/png' }).end(COVER);
    else sendJson(response, 200, { method, url, body: body.toString('latin1') });
  });
  return { ...api, seen };
}
