// Bodies built to take long. In the texts, each character is a byte.

export interface Hostile {
  name: string;
  body: string;
  /** What the scanner returns. */
  reason?: string;
}

/** A call whose `arguments` are this JSON. Its object is the third of the body. */
export function callWith(json: string): string {
  return `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":${json}}}`;
}

function repeatTo(bytes: number, unit: string): string {
  return unit.repeat(Math.floor(bytes / unit.length));
}

function objectOf(keys: string[]): string {
  return `{${keys.map((key) => `"${key}":1`).join(',')}}`;
}

function numbered(count: number, write: (n: number) => string): string[] {
  return Array.from({ length: count }, (_, n) => write(n));
}

/** Keys of several blocks, each in one of two variants, for which a hash is in the same state after each block. */
function multiply(pairs: [string, string][]): string[] {
  return pairs.reduce<string[]>((keys, [one, two]) => keys.flatMap((key) => [key + one, key + two]), ['']);
}

/** Two texts that take a hash from one state to the same next one, by the birthday paradox. */
function findPair(step: (state: number, byte: number) => number, state: number): [string, string, number] {
  const seen = new Map<number, string>();
  for (let n = 0; ; n += 1) {
    const text = n.toString(36).padStart(5, '0');
    let next = state;
    for (let i = 0; i < text.length; i += 1) next = step(next, text.charCodeAt(i));
    const other = seen.get(next);
    if (other !== undefined) return [other, text, next];
    seen.set(next, text);
  }
}

function collide(step: (state: number, byte: number) => number, state: number, blocks: number): string[] {
  const pairs: [string, string][] = [];
  let at = state;
  for (let n = 0; n < blocks; n += 1) {
    const [one, two, next] = findPair(step, at);
    pairs.push([one, two]);
    at = next;
  }
  return multiply(pairs);
}

/** Keys that collide in keys/ for the seed of a body in this process. */
export function collideOwn(hashSeed: number, blocks = 14): string[] {
  const step = (hash: number, byte: number) => {
    const mixed = hash ^ byte;
    const sum = (mixed + (mixed << 10)) | 0;
    return sum ^ (sum >>> 6);
  };
  return collide(step, (hashSeed + 3 * 40503) | 0, blocks);
}

/** Keys that collide in DJB2a, as njs hashes them. */
export function collideDjb(blocks = 14): string[] {
  return collide((hash, byte) => (Math.imul(hash, 33) ^ byte) >>> 0, 5381, blocks);
}

/** Keys of one length, equal in the bytes that LuaJIT's sparse string hash reads: the first and last four and those in the middle. */
export function collideLua(count: number): string[] {
  return numbered(count, (n) => `aaaa${String(n).padStart(7, '0')}${'m'.repeat(20)}zzzz`);
}

/** Bodies with as many members as allowed, or long texts; except those that collide for a known seed. `textBytes`: the length of the texts. */
export function hostileBodies(textBytes: number): Hostile[] {
  const fill = (unit: string) => repeatTo(textBytes, unit);
  const row = `{"id":123,"name":"some name","tags":["a","b"],"ok":true,"v":1.25e3,"text":"${'y'.repeat(110)}"},`;
  const keys = numbered(190_000, (n) => `k${n}`);
  return [
    { name: 'plain text', body: callWith(`"${fill('x')}"`) },
    { name: 'rows', body: callWith(`[${row.repeat(18_000)}1]`) },
    { name: 'escaped quotes', body: callWith(`"${fill('\\"')}"`) },
    { name: 'unicode escapes', body: callWith(`"${fill('\\u0041')}"`) },
    { name: 'two-byte characters', body: callWith(`"${fill('\xc3\xa9')}"`) },
    { name: 'four-byte characters', body: callWith(`"${fill('\xf0\x9f\x98\x80')}"`) },
    { name: 'mixed characters', body: callWith(`"${fill('a\\"\xc3\xa9\\u0041\xf0\x9f\x98\x80\\n')}"`) },
    { name: '190,000 keys', body: callWith(objectOf(keys)) },
    { name: '190,000 keys of 15 bytes', body: callWith(objectOf(keys.map((key) => key.padEnd(15, 'x')))) },
    { name: '190,000 keys of params', body: `{"method":"ping","params":${objectOf(keys)}}` },
    { name: '190,000 keys of the message', body: `{"method":"ping",${objectOf(keys).slice(1)}` },
    { name: 'one key 190,000 times', body: callWith(objectOf(keys.map(() => 'abcdefghij'))), reason: 'key_twice' },
    { name: '66,000 objects with two keys', body: callWith(`[${repeatTo(14 * 66_000, '{"a":1,"b":2},')}1]`) },
    {
      name: '99,000 objects with one long key',
      body: callWith(`[${repeatTo(37 * 99_000, '{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":1},')}1]`),
    },
    {
      name: '9,000 objects with 19 keys and another one',
      body: callWith(
        `[${numbered(9_000, (n) => `${objectOf(numbered(19, (k) => `key${k}`)).slice(0, -1)},"x${n}":1}`).join(',')}]`,
      ),
    },
    {
      name: '9,000 objects whose 20 keys are in one of two orders',
      body: callWith(
        `[${numbered(9_000, (n) => objectOf(numbered(20, (k) => `key${n % 2 === 0 ? k : 19 - k}`))).join(',')}]`,
      ),
    },
    {
      name: '190,000 escaped keys',
      body: callWith(objectOf(numbered(190_000, (n) => `\\u006b${n}`))),
      reason: 'too_many_escaped_keys',
    },
    {
      name: '50,000 escaped keys and 140,000 others',
      body: callWith(objectOf(numbered(190_000, (n) => (n < 50_000 ? `\\u006b${n}` : `x${n}`)))),
    },
    {
      name: '999 escaped keys of 4 KB',
      body: callWith(objectOf(numbered(999, (n) => '\\u0041'.repeat(680) + String(n)))),
    },
    { name: 'one escaped key of 4 MB', body: callWith(objectOf([fill('\\u0041')])) },
    { name: 'one key of 4 MB of the message', body: `{"method":"ping","${fill('-')}":1}` },
    { name: 'one escaped key of 4 MB of params', body: `{"method":"ping","params":{"${fill('\\u002d')}":1}}` },
    { name: 'one key of 4 MB that almost begins', body: `{"method":"ping","params":{"nam${fill('\\u002d')}":1}}` },
    {
      name: 'two escaped keys of 2 MB',
      body: callWith(`{"${repeatTo(textBytes / 2, '\\u0041')}":1,"${repeatTo(textBytes / 2, '\\u0041')}":1}`),
      reason: 'key_twice',
    },
    { name: 'one key of 4 MB of params', body: `{"method":"ping","params":{"${fill('_ ')}":1}}` },
    {
      name: 'many keys of params that begin like known ones',
      body: `{"method":"ping","params":${objectOf(numbered(100_000, (n) => `____argument__${n}`))}}`,
    },
    { name: 'keys that collide in DJB2a', body: callWith(objectOf(collideDjb())) },
    { name: "keys that collide in LuaJIT's sparse hash", body: callWith(objectOf(collideLua(95_000))) },
    { name: 'tool name of escapes', body: `{"method":"tools/call","params":{"name":"${fill('\\u0041')}"}}` },
    { name: 'tool name of escaped quotes', body: `{"method":"tools/call","params":{"name":"${fill('\\"')}"}}` },
    { name: 'id of escapes', body: `{"method":"ping","id":"${fill('\\u0041')}"}`, reason: 'id_too_long' },
    { name: 'method of characters and escapes', body: `{"method":"${fill('a\\n')}"}` },
    { name: 'spaces', body: callWith(`${fill(' ')}1`) },
    { name: 'spaces and elements', body: callWith(`[${'1, \n\t            '.repeat(199_000)}1]`) },
    { name: 'digits', body: callWith(fill('1')) },
    { name: 'numbers', body: callWith(`[${repeatTo(9 * 190_000, '-1.5e+10,')}1]`) },
    { name: 'empty arrays', body: callWith(`[${'[],'.repeat(99_000)}1]`) },
    { name: 'empty strings', body: callWith(`[${'"",'.repeat(199_000)}1]`) },
    { name: 'nested arrays', body: callWith('['.repeat(2_000_000)), reason: 'too_deep' },
    {
      name: 'nested arrays, repeated',
      body: callWith(`[${`${'['.repeat(100)}${']'.repeat(100)},`.repeat(1900)}1]`),
    },
    {
      name: 'nested objects, repeated',
      body: callWith(`[${`${'{"a":'.repeat(100)}1${'}'.repeat(100)},`.repeat(1900)}1]`),
    },
    { name: 'messages', body: `[${'{"method":"x"},'.repeat(999)}{"method":"x"}]` },
    { name: 'messages without end', body: `[${fill('{"method":"x"},')}{"method":"x"}]`, reason: 'too_many_messages' },
    { name: 'no messages', body: `[${'{},'.repeat(99_000)}{}]`, reason: 'too_many_messages' },
    {
      name: 'messages of 4 KB',
      body: `[${`{"method":"tools/call","id":1,"params":{"name":"t","arguments":{"x":"${'x'.repeat(4000)}"}}},`.repeat(999)}{"method":"x"}]`,
    },
    { name: 'ends too early', body: callWith(`"${fill('x')}"`).slice(0, -1), reason: 'not_json' },
  ];
}
