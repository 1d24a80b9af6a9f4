import { quote } from 'platform/text';
import type { Era } from '../body/era.ts';

const MOST_CHARACTERS = 128;
const MOST_NAMES = 64;

function quoteAll(names: readonly string[]): string {
  if (names.length === 0) return '';
  let text = '';
  for (let i = 0; i < names.length && i < MOST_NAMES; i += 1) {
    const name = names[i] ?? '';
    const cut = quote(name.length > MOST_CHARACTERS ? cutText(name) : name);
    text = i === 0 ? cut : `${text},${cut}`;
  }
  return text;
}

/** The beginning of a text, ended between characters of UTF-8. */
function cutText(text: string): string {
  let end = MOST_CHARACTERS;
  while (end > 0 && isContinuation(text.charCodeAt(end))) end -= 1;
  return text.slice(0, end);
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}

export interface Noted {
  agent: string | undefined;
  /** Path of a server that is registered. */
  server: string | undefined;
  instance: string | undefined;
  era: Era | undefined;
  methods: readonly string[];
  tools: readonly string[];
}

function quoteName(name: string | undefined): string {
  return name === undefined ? 'null' : `"${name}"`;
}

/** Members of a request's line in the log (registry/contract/gate/call-log.ts). Methods and tools are what a client wrote: each is cut and quoted. */
export function writeNote(noted: Noted): string {
  return (
    `"agent":${quoteName(noted.agent)},"server":${quoteName(noted.server)},"instance":${quoteName(noted.instance)},` +
    `"era":${quoteName(noted.era)},"methods":[${quoteAll(noted.methods)}],"tools":[${quoteAll(noted.tools)}]`
  );
}
