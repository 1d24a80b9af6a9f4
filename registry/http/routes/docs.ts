import { endpoint, type Endpoint } from '../framework/endpoint.ts';
import { renderDocs } from '../docs/docs-page.ts';
import { DOCS_STYLE } from '../docs/docs-style.ts';

const TAG = 'Documentation';
const CACHE = { 'Cache-Control': 'no-cache' };

/** The API about itself. `describe` gives the OpenAPI document; it is made once, at the first question. */
export function docsEndpoints(describe: () => object): Endpoint[] {
  let made: { json: string; html: string } | undefined;
  function make() {
    const document = describe();
    made ??= { json: JSON.stringify(document), html: renderDocs(document) };
    return made;
  }
  return [
    endpoint({
      method: 'get',
      path: '/openapi.json',
      tag: TAG,
      summary: 'This API as an OpenAPI 3.1 document',
      access: 'public',
      answers: { 200: { description: 'OpenAPI 3.1.', contentType: 'application/json' } },
      handle: () =>
        Promise.resolve({ status: 200, body: make().json, headers: { 'Content-Type': 'application/json', ...CACHE } }),
    }),
    endpoint({
      method: 'get',
      path: '/docs',
      tag: TAG,
      summary: 'This API to read',
      access: 'public',
      answers: { 200: { description: 'A page without scripts.', contentType: 'text/html' } },
      handle: () =>
        Promise.resolve({
          status: 200,
          body: make().html,
          headers: { 'Content-Type': 'text/html; charset=utf-8', ...CACHE },
        }),
    }),
    endpoint({
      method: 'get',
      path: '/docs/style.css',
      tag: TAG,
      summary: 'The look of /docs',
      access: 'public',
      answers: { 200: { description: 'A style sheet.', contentType: 'text/css' } },
      handle: () =>
        Promise.resolve({
          status: 200,
          body: DOCS_STYLE,
          headers: { 'Content-Type': 'text/css; charset=utf-8', ...CACHE },
        }),
    }),
  ];
}
