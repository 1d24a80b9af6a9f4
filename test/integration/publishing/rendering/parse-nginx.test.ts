import { describe, expect, it } from 'vitest';
import { parseNginx } from '../../../support/nginx/parse-nginx.ts';

describe('parseNginx', () => {
  it('reads words, quotes, escapes, variables and comments as NGINX does', () => {
    const text = `a b "c;d" 'e{"f' g\\;h \${i}j; # k;\nl { m "\\"n"; o{p;} }`;
    expect(parseNginx(text)).toEqual([
      { name: 'a', args: ['b', 'c;d', 'e{"f', 'g;h', '${i}j'], block: null },
      {
        name: 'l',
        args: [],
        block: [
          { name: 'm', args: ['"n'], block: null },
          { name: 'o', args: [], block: [{ name: 'p', args: [], block: null }] },
        ],
      },
    ]);
  });

  it.each(['a', 'a {', 'a; }', '"a', '"a"b;', ';', 'a { b }'])('refuses %j', (text) => {
    expect(() => parseNginx(text)).toThrow();
  });
});
