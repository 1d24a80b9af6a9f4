import { describe, expect, test } from 'vitest';
import { parseGate, parseKey, parseServer } from './parse.ts';
import { ACCESS_VERSION } from '../../../../registry/contract/gate/access-version.ts';

// cjson has a special value for null; in Lua, null and undefined are the same.
const NULL = () => 'null of JSON';
const gate = { v: ACCESS_VERSION, drain: false, killed: NULL, sessionKey: 'k' };
const key = {
  v: ACCESS_VERSION,
  agent: 'a',
  enabled: true,
  grants: [{ server: '*', tools: ['get_*'] }],
  sessionKey: 'k',
};
const server = { v: ACCESS_VERSION, state: 'on', tools: NULL, instances: [{ id: 'i', up: true }] };

describe('a valid file is a record', () => {
  test('gate.json', () => {
    expect(parseGate(gate, 'gate', NULL)).toEqual({
      ok: true,
      drain: false,
      killed: undefined,
      sessionKey: 'k',
      derived: {},
    });
    expect(parseGate({ ...gate, killed: 'why' }, 'gate', NULL)).toMatchObject({ killed: 'why' });
  });
  test('a key', () => {
    expect(parseKey(key, 'sha', NULL)).toEqual({
      ok: true,
      sha256: 'sha',
      agent: 'a',
      who: '"agent":"a"',
      enabled: true,
      access: { grants: key.grants, keys: 1, derivedCount: 0 },
      derivedCount: 0,
    });
    expect(parseKey({ ...key, expiresAt: 1, agentExpiresAt: 2 }, 'sha', NULL)).toMatchObject({
      expiresAtMs: 1,
      agentExpiresAtMs: 2,
    });
  });
  test('a server', () => {
    expect(parseServer(server, 'id', NULL)).toMatchObject({
      ok: true,
      id: 'id',
      on: true,
      passKey: false,
      isVirtual: false,
      instances: [{ id: 'i', up: true, weight: 1 }],
    });
    const full = {
      ...server,
      state: 'off',
      tools: { t: 'hash' },
      instances: [{ id: 'i', up: false, weight: 3, query: 'q' }],
      credentials: { A: 'b' },
      passKey: true,
    };
    expect(parseServer(full, 'id', NULL)).toMatchObject({
      on: false,
      tools: { t: 'hash' },
      passKey: true,
      credentials: { A: 'b' },
      instances: full.instances,
    });
  });
});

const wrong = [undefined, NULL, 1, 'text', {}, [], true];
const others = (...right: unknown[]) =>
  wrong.filter(
    (value) => !right.some((one) => one === value || (typeof one === 'object' && typeof value === 'object')),
  );

describe('a field of the wrong type is named, and there is no record', () => {
  test.each([
    ['drain', others(true)],
    ['killed', others(NULL, 'text')],
    ['sessionKey', others('text')],
  ])('gate.json: %s', (field, values) => {
    for (const value of values) expect(parseGate({ ...gate, [field]: value }, 'gate', NULL)).toContain(`"${field}"`);
  });
  test.each([
    ['agent', others('text')],
    ['enabled', others(true)],
    [
      'grants',
      [
        ...others([]),
        [1],
        [{}],
        [{ server: 1, tools: [] }],
        [{ server: 's', tools: [1] }],
        [{ server: 's', deny: false }],
        [{ server: 's', hours: {} }],
      ],
    ],
    ['servers', others(undefined, [])],
    ['killed', others(undefined, 'text')],
    ['sessionKey', others('text')],
    ['expiresAt', others(undefined, 1)],
    ['agentExpiresAt', others(undefined, 1)],
  ])('a key: %s', (field, values) => {
    for (const value of values) expect(parseKey({ ...key, [field]: value }, 'sha', NULL)).toContain(`"${field}"`);
  });
  test.each([
    ['state', wrong],
    ['tools', [...others(NULL, []), { a: 1 }]],
    [
      'instances',
      [
        ...others([]),
        [1],
        [{ id: 'i' }],
        [{ id: 1, up: true }],
        [{ id: 'i', up: true, weight: 'x' }],
        [{ id: 'i', up: true, query: 1 }],
      ],
    ],
    ['credentials', [...others(undefined, {}), { A: 1 }]],
    ['passKey', others(undefined, true)],
    ['virtual', others(undefined, true)],
  ])('a server: %s', (field, values) => {
    for (const value of values) expect(parseServer({ ...server, [field]: value }, 'id', NULL)).toContain(`"${field}"`);
  });
});
