import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainInstanceUrl, explainPath } from '../../contract/index.ts';
import { quote, UnfitValueError, type Kind } from './quote.ts';

const KINDS: Kind[] = [
  'number',
  'id',
  'path',
  'file',
  'address',
  'registry',
  'host',
  'tlsName',
  'uri',
  'header',
  'variable',
  'pattern',
  'words',
  'network',
  'certName',
  'origin',
  'word',
];

const hostile = fc
  .array(
    fc.constantFrom(
      '"',
      "'",
      ';',
      '{',
      '}',
      '$',
      '\\',
      '\n',
      '\r',
      '\0',
      '#',
      ' ',
      '`',
      'a',
      '1',
      '/',
      '\u00e9',
      '\u2028',
      '.',
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

test('for any input, the output cannot end a value, begin a variable or begin a line', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), fc.oneof(hostile, fc.string(), fc.webUrl(), fc.webPath()), (kind, value) => {
      let text: string;
      try {
        text = quote(kind, value);
      } catch (error) {
        expect(error).toBeInstanceOf(UnfitValueError);
        return;
      }
      expect(text).toBe(value);
      // A space is harmless between double quotes, and the name of a folder may contain one.
      const bare = kind === 'file' ? text.replaceAll(' ', '') : text;
      expect(bare).not.toMatch(/["'`$;{}\s\u0000-\u001f\u007f-\uffff]/u);
      if (kind !== 'pattern') expect(text).not.toContain('\\');
    }),
    { numRuns: 5_000 },
  );
});

test('every path that may be registered may be rendered', () => {
  const path = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}(\/[a-z0-9._-]{1,20}){0,3}$/);
  fc.assert(
    fc.property(path, (text) => {
      if (explainPath(text) === null) expect(quote('path', text)).toBe(text);
    }),
  );
});

test('the path of nearly every URL that may be registered may be rendered', () => {
  fc.assert(
    fc.property(fc.webUrl({ validSchemes: ['http'] }), (url) => {
      if (explainInstanceUrl(url) !== null) return;
      const { pathname, host } = new URL(url);
      expect(quote('uri', pathname)).toBe(pathname);
      expect(quote('host', host)).toBe(host);
    }),
  );
});

test.each([
  ['number', '-1'],
  ['number', '1e3'],
  ['number', '01'],
  ['id', ''],
  ['id', 'a/b'],
  ['path', '../x'],
  ['path', 'a//b'],
  ['file', 'relative'],
  ['file', '/a/$b'],
  ['file', '/a/*.conf'],
  ['file', '/a\n'],
  ['address', 'example.com:80'],
  ['address', '1.2.3.4'],
  ['host', 'a b'],
  ['host', '-a'],
  ['uri', 'mcp'],
  ['uri', '/a;b'],
  ['uri', '/a?b'],
  ['uri', '/$request_uri'],
  ['header', 'X-A: b'],
  ['header', '$x'],
  ['origin', 'https://a/b'],
  ['variable', 'a-b'],
] as const)('%s may not be %j', (kind, value) => {
  expect(() => quote(kind, value)).toThrow(/is not allowed in nginx.conf as/);
});

test('an error shows the value truncated, and never a line break', () => {
  expect(() => quote('id', `\n${'x'.repeat(5_000)}`)).toThrow(/^"\\nx{99}…" is not allowed/);
  expect(() => quote('nonsense' as Kind, 'x')).toThrow(/unknown kind/);
});
