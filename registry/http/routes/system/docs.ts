import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { renderDocs } from '../../docs/docs-page.ts';
import { describeConfigFile } from '../../docs/config-schema.ts';
import { DOCS_STYLE } from '../../docs/docs-style.ts';

const TAG = 'Documentation';
const CACHE = { 'Cache-Control': 'no-cache' };

/** The documentation of the API. `describe` returns the OpenAPI document; it is called once, at the first request. */
export function docsEndpoints(describe: () => object): Endpoint[] {
  let configSchema: string | undefined;
  let rendered: { json: string; html: string } | undefined;
  function render() {
    const document = describe();
    rendered ??= { json: JSON.stringify(document), html: renderDocs(document) };
    return rendered;
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
        Promise.resolve({
          status: 200,
          body: render().json,
          headers: { 'Content-Type': 'application/json', ...CACHE },
        }),
    }),
    endpoint({
      method: 'get',
      path: '/docs',
      tag: TAG,
      summary: 'This API as a page',
      access: 'public',
      answers: { 200: { description: 'A page without scripts.', contentType: 'text/html' } },
      handle: () =>
        Promise.resolve({
          status: 200,
          body: render().html,
          headers: { 'Content-Type': 'text/html; charset=utf-8', ...CACHE },
        }),
    }),
    endpoint({
      method: 'get',
      path: '/docs/mcpgw.config.schema.json',
      tag: TAG,
      summary: 'JSON Schema of configuration files, for editors',
      access: 'public',
      answers: { 200: { description: 'JSON Schema 2020-12.', contentType: 'application/schema+json' } },
      handle: () =>
        Promise.resolve({
          status: 200,
          body: (configSchema ??= JSON.stringify(describeConfigFile())),
          headers: { 'Content-Type': 'application/schema+json', ...CACHE },
        }),
    }),
    endpoint({
      method: 'get',
      path: '/docs/style.css',
      tag: TAG,
      summary: 'Style sheet of /docs',
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
