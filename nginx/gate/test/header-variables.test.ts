import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const NGINX = join(import.meta.dirname, '../..');

/**
 * NGINX's $http_a_b is the first header named A-B, A_B, … (1.22), or all of them as one list (1.23 and later). It may be read only if a header with
 * any of these names does no harm.
 */
const HARMLESS: Record<string, string> = {
  user_agent: 'NGINX knows this header by its exact name',
  mcp_session_id: 'a client must know the tag, whichever name it uses',
  mcp_protocol_version: 'the value that is judged is the one that is forwarded',
  mcp_method: 'the value that is judged is the one that is forwarded',
  mcp_name: 'the value that is judged is the one that is forwarded',
  last_event_id: 'decides nothing',
  content_encoding: 'is not forwarded; the body is judged as it is',
  transfer_encoding: 'only its presence counts; NGINX itself reads the exact name',
  access_control_request_headers: 'is repeated, and decides nothing',
  x_api_key: 'only decides whether the exact name is looked up',
};

test('no NGINX variable is read that could contain a header of a similar name, unless that is harmless', () => {
  const found = new Set<string>();
  for (const file of globSync('{templates,gate}/**/*.{hbs,ts}', { cwd: NGINX })) {
    if (file.endsWith('.test.ts')) continue;
    // Comments may name variables that are not used.
    const text = readFileSync(join(NGINX, file), 'utf8').replaceAll(/^\s*(#|\/\/).*$/gm, '');
    for (const [, name = ''] of text.matchAll(/(?:\$|v\.|var\.)http_([a-z]+_[a-z_]+)/g)) found.add(name);
  }
  expect([...found].sort()).toEqual(Object.keys(HARMLESS).sort());
});
