import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { explainInstanceUrl, explainPath } from '../../../registry/contract/index.ts';
import { buildGate } from '../../../nginx/gate/build/build-gate.ts';
import { UnfitValueError } from '../../../registry/publishing/render/quote.ts';
import { loadTemplates } from '../../../registry/publishing/render/load-templates.ts';
import { createRender } from '../../../registry/publishing/render/render.ts';
import type { PlannedServer, Rendering } from '../../../registry/publishing/plan/route-plan.ts';
import { NGINX_KINDS } from '../../support/nginx/nginx-kinds.ts';
import { planInstance } from '../../support/nginx/start-gate.ts';
import { createFolders, removeFolders, testRendering, writeRendering } from '../../support/nginx/start-nginx.ts';

const render = createRender(loadTemplates());

const bundle = await buildGate();
const folders = createFolders();

function renderWith(kind: (typeof NGINX_KINDS)[number], servers: PlannedServer[]): Rendering {
  const gateway = {
    port: 18_999,
    tls: null,
    hosts: ['gw.test'],
    origins: [],
    maxBodyBytes: 4_194_304,
    connectionsPerAddress: 2_000,
    drainTimeoutS: 60,
    registry: '127.0.0.1:1',
    accessDir: folders.accessDir,
    logDir: folders.logDir,
    runDir: folders.runDir,
    workers: 1,
  };
  return render({ gateway, servers }, kind.facts, 1, bundle);
}

function plan(index: number, more: Partial<PlannedServer> = {}): PlannedServer {
  return {
    id: `s${index}`,
    path: `server-${index}`,
    hostMode: 'upstream',
    timeouts: { connectMs: 5_000, readMs: 86_400_000, sendMs: 60_000 },
    instances: [planInstance('i1', `http://10.0.${index >> 8}.${index & 255}:8000/mcp`)],
    ...more,
  };
}

/** NGINX's own view of a configuration: directives with their words, quotes resolved. */
function readDirectives(text: string): string[][] {
  const directives: string[][] = [];
  let words: string[] = [];
  for (const [token] of text.matchAll(/#[^\n]*|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|[;{}]|[^\s;{}"']+/g)) {
    if (token.startsWith('#')) continue;
    if (token === ';' || token === '{' || token === '}') {
      if (words.length > 0) directives.push(words);
      words = [];
    } else words.push(token);
  }
  return directives;
}

afterAll(() => removeFolders(folders));

describe.each(NGINX_KINDS)('a rendering for $name NGINX', (kind) => {
  test('passes the test of NGINX without servers, and with every kind of server', () => {
    for (const servers of [
      [],
      [
        plan(0),
        plan(1, { instances: [] }),
        plan(2, { hostMode: 'public' }),
        plan(3, {
          timeouts: { connectMs: 100, readMs: 1_000, sendMs: 1_000 },
          instances: [
            planInstance('a', 'https://192.0.2.1/mcp', {
              sse: {
                scheme: 'http',
                address: '[2001:db8::1]',
                port: 81,
                host: '[2001:db8::1]:81',
                tlsName: null,
                uri: '/sse',
              },
            }),
            planInstance('b', 'https://192.0.2.2/mcp'),
          ],
        }),
        ...['default', 'include', 'hostnames', 'volatile', 'mcpgw'].map((path, index) => plan(index + 10, { path })),
      ],
    ]) {
      writeRendering(folders.confDir, renderWith(kind, servers));
      expect(testRendering(kind, folders).output).toContain('test is successful');
    }
  });

  test('for every valid registration NGINX reads the same number of directives, with the value in its one place', () => {
    const url = fc.oneof(
      fc.webUrl({ validSchemes: ['http', 'https'] }),
      fc.string({ maxLength: 30 }).map((text) => `http://a.test/${text}`),
      fc.constantFrom(
        'http://a/;return%20200',
        'http://a/$host',
        "http://a/'x",
        'http://a/a"b',
        'http://a/(a)!~*',
        'http://a/%0a}',
      ),
    );
    const path = fc.oneof(
      fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,9}(\/[a-z0-9][a-z0-9._-]{0,9})?$/),
      fc.string({ maxLength: 12 }),
    );
    const usual = readDirectives(renderWith(kind, [plan(0)])['servers.conf'] ?? '');
    let rendered = 0;
    let tested = 0;
    fc.assert(
      fc.property(url, path, (address, at) => {
        if (explainInstanceUrl(address) !== null || explainPath(at) !== null) return;
        const { pathname, host } = new URL(address);
        const instance = planInstance('i1', 'http://10.0.0.1:80/');
        const mcp = { scheme: 'http', address: '10.0.0.1', port: 80, host, tlsName: null, uri: pathname } as const;
        const servers = [plan(0, { path: at, instances: [{ ...instance, mcp }] })];
        let files: Rendering;
        try {
          files = renderWith(kind, servers);
        } catch (error) {
          expect(error).toBeInstanceOf(UnfitValueError);
          return;
        }
        rendered += 1;
        const directives = readDirectives(files['servers.conf'] ?? '');
        expect(directives.length).toBe(usual.length);
        expect(directives).toContainEqual(['proxy_pass', `"http://s0_i1_0${pathname}"`]);
        if (tested < 25) {
          tested += 1;
          writeRendering(folders.confDir, files);
          expect(testRendering(kind, folders).output).toContain('test is successful');
        }
      }),
      { numRuns: 400 },
    );
    expect(rendered).toBeGreaterThan(20);
  });

  test('a line number in an error of NGINX identifies its server', () => {
    const files = renderWith(kind, [plan(0), plan(1), plan(2)]);
    const text = (files['servers.conf'] ?? '').replace('set $mcpgw_host "10.0.0.1:8000"', 'nonsense on');
    writeRendering(folders.confDir, { ...files, 'servers.conf': text });
    const { passed, output } = testRendering(kind, folders);
    expect(passed).toBe(false);
    const line = Number(/servers\.conf:(\d+)/.exec(output)?.[1]);
    const marks = text
      .split('\n')
      .slice(0, line)
      .filter((one) => one.startsWith('# server '));
    expect(marks.at(-1)).toBe('# server s1 server-1');
  });

  test('passes the test of NGINX with a thousand servers', () => {
    const servers = Array.from({ length: 1_000 }, (_, index) => plan(index));
    const files = renderWith(kind, servers);
    writeRendering(folders.confDir, files);
    expect(testRendering(kind, folders).output).toContain('test is successful');
  });
});
