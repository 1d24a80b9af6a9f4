import { describe, expect, test } from 'vitest';
import { quote, UnfitValueError } from './quote.ts';
import { loadTemplates } from './load-templates.ts';
import { readTemplates } from './read-templates.ts';
import { createRender } from './render.ts';
import type { NginxFacts, PlannedGateway, PlannedInstance, PlannedServer } from '../plan/route-plan.ts';

const render = createRender(loadTemplates());
const FACTS: NginxFacts = { version: [1, 22, 1], modulesDir: '/usr/lib/nginx/modules', caFile: '/etc/ssl/ca.crt' };
const GATEWAY: PlannedGateway = {
  port: 8080,
  tls: null,
  hosts: ['gw.example.com'],
  origins: ['https://gw.example.com'],
  maxBodyBytes: 4_194_304,
  connectionsPerAddress: 2_000,
  drainTimeoutS: 600,
  registry: '127.0.0.1:7860',
  accessDir: '/data/access',
  logDir: '/data/logs',
  runDir: '/data/run',
  workers: 2,
};
const MCP = { scheme: 'https', address: '1.2.3.4', port: 443, host: 'a.test', tlsName: 'a.test', uri: '/mcp' } as const;
const INSTANCE: PlannedInstance = { id: 'i1', mcp: MCP, sse: null };

function server(id: string, path: string, more: Partial<PlannedServer> = {}): PlannedServer {
  return {
    id,
    path,
    hostMode: 'upstream',
    timeouts: { connectMs: 5_000, readMs: 86_400_000, sendMs: 60_000 },
    instances: [INSTANCE],
    ...more,
  };
}

const renderAll = (servers: PlannedServer[], number = 1, facts = FACTS, gateway = GATEWAY) =>
  render({ gateway, servers }, facts, number, 'export default {};\n');

test('equal plans render to equal bytes, and only one file contains the number', () => {
  const servers = [server('a', 'one'), server('b', 'two')];
  const first = renderAll(servers, 1);
  expect(renderAll(structuredClone(servers), 1)).toEqual(first);
  const second = renderAll(servers, 2);
  expect(Object.keys(first).filter((name) => first[name] !== second[name])).toEqual(['generation.conf']);
  expect(second['generation.conf']).toContain('return 200 "2 $pid\\n"');
});

test('every line of a server is between its markers', () => {
  const files = renderAll([server('a', 'one'), server('b', 'team/two', { instances: [] })]);
  for (const name of ['paths.conf', 'upstreams.conf', 'servers.conf']) {
    let owner: string | null = null;
    for (const line of (files[name] ?? '').split('\n')) {
      const begin = /^# server (\S+) (\S+)$/.exec(line);
      if (begin !== null) owner = begin[1] ?? null;
      else if (line === '# end server') owner = null;
      else if (line !== '') expect(owner, `${name}: ${line}`).not.toBeNull();
    }
    expect(owner).toBeNull();
  }
  expect(files['paths.conf']).toContain('"/team/two" "b||team/two";');
  expect(files['paths.conf']).toContain('"/one" "a|m|i1:m|one";');
  expect(files['servers.conf']).not.toContain('team/two');
});

test('values of servers are rendered; headers are left to the gate', () => {
  const files = renderAll([server('a', 'one')]);
  const text = files['servers.conf'] ?? '';
  expect(text).toContain('set $mcpgw_host "a.test";');
  expect(text).toContain('proxy_ssl_name "a.test";');
  expect(text).toContain('proxy_pass "https://a_i1_0/mcp";');
  expect(text).not.toContain('proxy_set_header');
});

test('the error for a value that is not allowed names its server', () => {
  const bad: [Partial<PlannedServer>, RegExp][] = [
    [{ path: 'a"; }' }, /as path/],
    [{ id: 'a;b' }, /as id/],
    [{ instances: [{ ...INSTANCE, mcp: { ...MCP, uri: '/a;return 200' } }] }, /as uri/],
    [{ instances: [{ ...INSTANCE, mcp: { ...MCP, host: 'a"b' } }] }, /as host/],
    [{ instances: [{ ...INSTANCE, mcp: { ...MCP, address: 'name.test' } }] }, /as address/],
    [{ instances: [{ ...INSTANCE, mcp: { ...MCP, tlsName: '$host' } }] }, /as tlsName/],
    [{ instances: [{ ...INSTANCE, sse: { ...MCP, uri: '/x"' } }] }, /as uri/],
  ];
  for (const [more, pattern] of bad) {
    const at = { ...server('a', 'one'), ...more };
    const thrown = (() => {
      try {
        renderAll([server('z', 'fine'), at]);
        return null;
      } catch (error) {
        return error as UnfitValueError;
      }
    })();
    expect(thrown).toBeInstanceOf(UnfitValueError);
    expect(thrown?.serverId).toBe(at.id);
    expect(thrown?.message).toMatch(pattern);
  }
});

test('the error for a value of the gateway that is not allowed names no server', () => {
  const thrown = (() => {
    try {
      renderAll([], 1, FACTS, { ...GATEWAY, logDir: '/a"b' });
      return null;
    } catch (error) {
      return error as UnfitValueError;
    }
  })();
  expect(thrown).toBeInstanceOf(UnfitValueError);
  expect(thrown?.serverId).toBeUndefined();
});

test('directives that a version of NGINX does not support are omitted', () => {
  expect(renderAll([])['nginx.conf']).not.toContain('keepalive_min_timeout');
  expect(renderAll([], 1, { ...FACTS, version: [1, 27, 4] })['nginx.conf']).toContain('keepalive_min_timeout');
  expect(renderAll([], 1, { ...FACTS, version: [1, 26, 9] })['nginx.conf']).not.toContain('keepalive_min_timeout');
});

test('the whole URL of a failed request is logged only where it is known to contain no secret', () => {
  const quiet = (hasQuery: boolean | undefined) =>
    renderAll([server('a', 'one', { instances: [{ ...INSTANCE, ...(hasQuery === undefined ? {} : { hasQuery }) }] })])[
      'servers.conf'
    ]?.includes('error_log');
  expect([quiet(undefined), quiet(true), quiet(false)]).toEqual([true, true, false]);
});

describe('templates', () => {
  test('contain values only through quote', () => {
    for (const [name, text] of readTemplates())
      for (const tag of text.match(/\{\{[^}]*\}\}/g) ?? [])
        expect(tag, name).toMatch(
          /^\{\{(quote "\w+" [\w.]+|#(if|each|unless) (\.\.\/)?[\w.]+|else|\/(if|each|unless)|> [\w-]+( \w+=false)*)\}\}$/,
        );
  });

  test('use quote only with existing kinds', () => {
    for (const text of readTemplates().values())
      for (const [, kind] of text.matchAll(/\{\{quote "(\w+)"/g))
        expect(() => quote(kind as 'id', '\0')).toThrow(/is not allowed/);
  });
});
