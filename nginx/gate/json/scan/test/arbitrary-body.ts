import fc from 'fast-check';

// JSON texts, mostly similar to what MCP clients send, and near misses of them. In the texts, each character is a byte.

const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** A JSON string for a text, some of its characters escaped. */
function written(text: string): fc.Arbitrary<string> {
  return fc.array(fc.nat(12), { minLength: text.length, maxLength: text.length }).map((choices) => {
    const characters = [...text].map((character, i) => {
      const unit = character.charCodeAt(0);
      if (character.length === 1 && choices[i] === 0) return `\\u${unit.toString(16).padStart(4, '0')}`;
      return JSON.stringify(character).slice(1, -1);
    });
    return `"${utf8(characters.join(''))}"`;
  });
}

const space = fc.constantFrom('', '', '', '', ' ', '\n', '\t', '\r');
const names = [
  'jsonrpc',
  'id',
  'method',
  'params',
  'result',
  'error',
  'name',
  'arguments',
  'uri',
  '_meta',
  'ref',
  'type',
];
const near = names.flatMap((name) => [
  name.toUpperCase(),
  `${name}\0`,
  `_${name}`,
  name.replace('s', '\u017f'),
  name.replace('i', '\u0131'),
  `${name.slice(0, 1)}-${name.slice(1)}`,
  name.slice(1),
  `${name}s`,
]);
const key = fc
  .oneof(
    { weight: 8, arbitrary: fc.constantFrom(...names, 'a', 'b', 'io.modelcontextprotocol/protocolVersion') },
    { weight: 1, arbitrary: fc.constantFrom(...near, '', 'é', '😀', '__proto__', 'a"b', '\ufffd') },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
  )
  .chain(written);
const text = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('a', 'tools/call', 'ping', 'resources/read', '2026-07-28', '', 'é').chain(written),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).chain(written) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"\\ud800"',
      '"\\udc00a"',
      '"\\ud83d\\ude00"',
      '"\\ud83d\\n"',
      '"\\/\\b\\f\\n\\r\\t"',
      '"\xef\xbf\xbd"',
    ),
  },
);
const scalar = fc.oneof(
  { weight: 5, arbitrary: text },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '1',
      '-0',
      '1.5e3',
      '0',
      '12345678901234567890',
      '1E+2',
      '0.10',
      'true',
      'false',
      'null',
    ),
  },
);
const wrong = fc.constantFrom(
  '01',
  '1.',
  '.5',
  '-',
  '1e',
  '+1',
  'tru',
  'nulll',
  '"\\x"',
  '"\x01"',
  '"\xff"',
  '"\xed\xa0\x80"',
  '"\\u12"',
  "'a'",
  '',
  '"',
);

const { value } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    { weight: 60, arbitrary: scalar },
    { weight: 1, arbitrary: wrong },
    { weight: 20, arbitrary: tie('object') },
    { weight: 12, arbitrary: tie('array') },
  ),
  object: members(tie('value')),
  array: fc
    .array(fc.tuple(space, tie('value'), space), { maxLength: 4 })
    .map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
}));

function members(of: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(space, key, space, space, of, space), { maxLength: 5 })
    .map((all) => `{${all.map(([a, k, b, c, v, d]) => `${a}${k}${b}:${c}${v}${d}`).join(',')}}`);
}

// Rows of a table: the same keys in the same order, with occasional exceptions.
const cell = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 3, arbitrary: fc.stringMatching(/^-?\d{1,20}(\.\d{1,10})?$/) },
  { weight: 2, arbitrary: fc.stringMatching(/^"[ -!#-[\]-~]{0,40}"$/) },
  { weight: 2, arbitrary: fc.constantFrom('{}', '[]', '["a","b"]', '{"a":1}', '{"a":1,"b":{"a":1}}') },
);
const column = fc.constantFrom(
  '"a":',
  '"b":',
  '"c":',
  '"ab":',
  '"a" :',
  '"b": ',
  '"\\u0061":',
  '"\xc3\xa9":',
  '"name":',
  '"\\"":',
);
const rows = fc
  .tuple(
    fc.uniqueArray(column, { maxLength: 5 }),
    fc.array(fc.tuple(fc.nat(9), column, fc.nat(5)), { maxLength: 6 }),
    fc.array(cell, { minLength: 4, maxLength: 8 }),
  )
  .map(([columns, changes, cells]) => {
    const written = changes.map(([kind, other, where], row) => {
      const at = where % (columns.length + 1);
      // One key more, one less, or a different one.
      const keys = kind < 3 ? columns.toSpliced(at, kind === 0 ? 0 : 1, ...(kind === 1 ? [] : [other])) : columns;
      return `{${keys.map((key, i) => key + (cells[(row + i) % cells.length] ?? '')).join(',')}}`;
    });
    return `[${written.join(',')}]`;
  });

const id = fc.oneof(fc.constantFrom('1', '1.0', '1e2', '1785000000000000001', 'null', '"a"', '{}'), text);
const method = fc.oneof(
  fc.constantFrom('"tools/call"', '"ping"', '"resources/read"', '"prompts/get"', '1', '"\\ud800"'),
  text,
);
const params = fc.oneof(
  members(value),
  { weight: 2, arbitrary: rows.map((all) => `{"name":"a","arguments":{"rows":${all}}}`) },
  fc.tuple(text, members(value)).map(([name, args]) => `{"name":${name},"arguments":${args}}`),
  fc
    .tuple(text, text)
    .map(([uri, version]) => `{"uri":${uri},"_meta":{"io.modelcontextprotocol/protocolVersion":${version}}}`),
  fc.tuple(text, key, value).map(([name, k, v]) => `{"name":${name},${k}:${v}}`),
);
const message = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(id, method, params)
      .map(([i, m, p]) => `{"jsonrpc":"2.0","id":${i},"method":${m},"params":${p}}`),
  },
  { weight: 3, arbitrary: fc.tuple(method, key, value).map(([m, k, v]) => `{"method":${m},${k}:${v}}`) },
  { weight: 2, arbitrary: members(value) },
  { weight: 1, arbitrary: value },
);
const whole = fc.oneof(
  { weight: 4, arbitrary: message },
  { weight: 1, arbitrary: fc.array(message, { maxLength: 3 }).map((all) => `[${all.join(', ')}]`) },
  { weight: 1, arbitrary: fc.tuple(message, message).map((both) => both.join(',')) },
);

/** A body with one byte removed, changed or added. */
const corrupted = fc.tuple(whole, fc.nat(), fc.nat(255), fc.nat(2)).map(([body, where, byte, how]) => {
  const at = where % (body.length + 1);
  return body.slice(0, at) + (how === 0 ? '' : String.fromCharCode(byte)) + body.slice(how === 2 ? at : at + 1);
});

/** Bodies, most of them JSON. */
export const arbitraryBody: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: whole },
  { weight: 2, arbitrary: corrupted },
);
