import { afterEach, expect, test, vi } from 'vitest';
import { rewriteEndpoint } from './rewrite-endpoint.ts';

vi.mock('../../worker/records.ts', () => ({ records: { gate: () => ({ ok: false }) } }));
afterEach(() => {
  vi.unstubAllGlobals();
});

/** What is forwarded of a stream that arrives in these pieces; undefined: it is aborted. */
function passOn(
  pieces: string[],
  header: Record<string, unknown> = {},
  status = 200,
  isWhole = false,
): string | undefined {
  const ngx = { ctx: {}, arg: ['', false] as [string, boolean], header, status, var: {} };
  vi.stubGlobal('ngx', ngx);
  let out = '';
  for (const [index, piece] of pieces.entries()) {
    ngx.arg = [piece, isWhole && index === pieces.length - 1];
    try {
      rewriteEndpoint();
    } catch (error) {
      // Lua throws texts.
      expect(error).toContain('a stream is ended');
      return undefined;
    }
    out += ngx.arg[0];
  }
  return out;
}

const LONG = `: ${'x'.repeat(20_000)}\n`;
const ENDPOINT = 'event: endpoint\ndata: /other\n\n';

test.each([[[LONG + ENDPOINT]], [[LONG.slice(0, 16_000), LONG.slice(16_000) + ENDPOINT]], [[LONG, ENDPOINT]]])(
  'an endpoint event of more than 16 KB ends the stream, however it is split',
  (pieces) => expect(passOn(pieces)).toBeUndefined(),
);

test('a longer comment passes, however it is split, and an endpoint event after it ends the stream', () => {
  for (const pieces of [[`${LONG}\n`], [LONG.slice(0, 16_000), `${LONG.slice(16_000)}\n`], [LONG, '\n']]) {
    expect(passOn(pieces)).toBe(`${LONG}\n`);
    expect(passOn([...pieces, ENDPOINT])).toBeUndefined();
  }
});

test('an encoding that the gate does not decode ends the stream, unless no client reads it', () => {
  const page = 'not here';
  for (const header of [
    { 'Content-Encoding': 'gzip' },
    { 'Content-Encoding': ['gzip', 'identity'] },
    { 'Content-Type': 'text/event-stream; charset=utf-7' },
  ]) {
    expect(passOn([page], header)).toBeUndefined();
    expect(passOn([`${page}\n\n`], header, 404, true)).toBe(`${page}\n\n`);
  }
  const usual = { 'Content-Encoding': 'identity', 'Content-Type': 'text/event-stream; charset=utf-8' };
  expect(passOn([`${LONG}\n`], usual)).toBe(`${LONG}\n`);
});

test('a stream without an endpoint event passes when it ends, or after 16 KB', () => {
  const events = ': c\n\ndata: x\n\n';
  expect(passOn([events, 'rest'], {}, 200, true)).toBe(`${events}rest`);
  expect(passOn([events.repeat(2_000)])).toBe(events.repeat(2_000));
  expect(passOn([events])).toBe('');
});
