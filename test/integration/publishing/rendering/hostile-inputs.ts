import fc from 'fast-check';
import type { InstanceEndpoints } from '../../../../registry/contract/index.ts';

// Text that could break out of its place in nginx.conf, and other special characters.
const POISON = [
  ';',
  '}',
  '{',
  '"',
  "'",
  '\\',
  '\n',
  '\r',
  '\t',
  ' ',
  '\0',
  '$',
  '$host',
  '${host}',
  '#',
  '`',
  '|',
  '^',
  '*',
  '?',
  '[',
  ']',
  '(',
  ')',
  '%0a',
  '%00',
  '%22;',
  '%7D',
  '..',
  '//',
  '\u2028',
  '\u202e',
  'é',
  '．',
  '；',
  '～',
  '; return 200 x;',
  '} location / {',
  '";}',
  'include /etc/passwd;',
  'proxy_pass http://evil;',
  '~*',
  '@',
  '!',
  '&',
  '=',
  '+',
  ',',
];
const PLAIN = ['a', 'b', 'weather', 'x1', '-', '.', '_', '0', 'mcp', 'sse', 'messages', 'team'];
const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...PLAIN) },
  { weight: 2, arbitrary: fc.constantFrom(...POISON) },
);
const word = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
const plainWord = fc
  .array(fc.constantFrom('a', 'b', 'c', 'x', '1'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));
/** Mostly values that the contract accepts: one bad field would hide the effect of the others. */
const mostly = (plain: fc.Arbitrary<string>, hostile: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 7, arbitrary: plain }, { weight: 1, arbitrary: hostile });
// Characters that URLs, header names and endpoint events may contain, and that have a meaning in NGINX or in a regular expression.
const tricky = fc.array(
  fc.constantFrom('a', '!', '&', '(', ')', '*', '+', ',', '=', ':', '@', '~', '%24', '%7B', '%0a', '.', '-'),
  {
    minLength: 1,
    maxLength: 6,
  },
);
const segment = fc.oneof(
  plainWord,
  tricky.map((parts) => parts.join('')),
);
const host = mostly(
  fc.oneof(
    plainWord,
    fc.constantFrom('[::1]', '[::ffff:1.2.3.4]', '127.1', '0x7f.1', 'bücher.example', 'a.b-c_d.example', 'EXAMPLE.com'),
  ),
  word,
);
const url = fc
  .tuple(
    mostly(fc.constantFrom('http', 'https', 'HTTP'), fc.constant('javascript')),
    host,
    mostly(fc.constantFrom('', ':8000', ':65535'), fc.constantFrom(':0', ':x')),
    fc.array(mostly(segment, word), { maxLength: 3 }),
    fc.oneof(
      fc.constant(''),
      word.map((text) => `?${text}`),
    ),
  )
  .map(
    ([scheme, name, port, path, query]) =>
      `${scheme}://${name}${port}${path.map((part) => `/${part}`).join('')}${query}`,
  );
const header = mostly(fc.constantFrom('Authorization', 'x-api-key', 'X-Token', 'X_Token', 'x-!#%&*+^|~', 'x.y'), word);
const input = fc.record({
  path: mostly(
    fc.oneof(
      plainWord,
      fc.tuple(plainWord, plainWord).map((parts) => parts.join('/')),
      fc.constantFrom('a.b_c-d', 'weather2'),
    ),
    word,
  ),
  name: mostly(plainWord, word),
  description: mostly(plainWord, word),
  tags: fc.array(mostly(plainWord, word), { maxLength: 2 }),
  instances: fc.array(fc.record({ url }), { minLength: 1, maxLength: 2 }),
  headers: fc.dictionary(header, mostly(plainWord, word), { maxKeys: 3 }),
  hostMode: fc.constantFrom('upstream' as const, 'public' as const),
});
// A backend reports its endpoints, which may be false.
const learnt: fc.Arbitrary<InstanceEndpoints | null> = fc.option(
  fc.record({
    mcp: fc.option(mostly(url, word)),
    sse: fc.option(mostly(fc.constant('http://weather:8000/sse'), url)),
  }),
);
/** Servers as they may be registered, and the endpoints that their backends report. */
export const hostileInputs = fc.array(fc.tuple(input, learnt), { minLength: 1, maxLength: 10 });

type HostileInput = [unknown, InstanceEndpoints | null];
/** The contract accepts it; nginx.conf cannot contain its endpoint. Random inputs may all lack this kind. */
export const UNFIT_INPUT: HostileInput = [
  { path: 'unfit', name: 'Unfit', instances: [{ url: 'http://weather:8000' }] },
  { mcp: 'http://weather:8000/$host', sse: null },
];
/** The contract refuses it. */
export const REFUSED_INPUT: HostileInput = [{ path: '; return 200 x;', name: 'Refused', instances: [] }, null];
