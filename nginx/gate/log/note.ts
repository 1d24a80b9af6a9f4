import { quote } from 'platform/text';
import type { Era } from '../request/body/era.ts';

const MAX_CHARACTERS = 128;
const MAX_URI = 256;
const MAX_NAMES = 64;
const LEFT_OUT = '…';

function quoteOne(name: string): string {
  return quote(name.length > MAX_CHARACTERS ? cutText(name, MAX_CHARACTERS) : name);
}

function quoteAll(names: readonly string[]): string {
  const [first] = names;
  if (first === undefined) return '';
  let text = quoteOne(first);
  for (let i = 1; i < names.length && i < MAX_NAMES; i += 1) text = `${text},${quoteOne(names[i] ?? '')}`;
  return text;
}

/** URIs. What follows "?" may be secret, and is left out like the excess of a long URI. */
function quoteUris(uris: readonly string[]): string {
  let text = '';
  for (let i = 0; i < uris.length && i < MAX_NAMES; i += 1) {
    const uri = uris[i] ?? '';
    const query = uri.indexOf('?');
    const max = query < 0 || query > MAX_URI ? MAX_URI : query;
    const cut = quote(uri.length > max ? `${cutText(uri, max)}${LEFT_OUT}` : uri);
    text = i === 0 ? cut : `${text},${cut}`;
  }
  return text;
}

/** The beginning of a text, cut between UTF-8 characters. */
function cutText(text: string, max: number): string {
  let end = max;
  while (end > 0 && isContinuation(text.charCodeAt(end))) end -= 1;
  return text.slice(0, end);
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}

export interface Noted {
  /** Path of a registered server. */
  server: string | undefined;
  instance: string | undefined;
  era: Era | undefined;
  methods: readonly string[];
  tools: readonly string[];
  prompts: readonly string[];
  resources: readonly string[];
  /** Arguments of a call, as JSON text. */
  recorded?: string | undefined;
}

function quoteName(name: string | undefined): string {
  return name === undefined ? 'null' : `"${name}"`;
}

/** Members that most lines do not have. */
function writeOptional({ prompts, resources, recorded }: Noted): string {
  let text = '';
  if (prompts.length > 0) text = `${text},"prompts":[${quoteAll(prompts)}]`;
  if (resources.length > 0) text = `${text},"resources":[${quoteUris(resources)}]`;
  if (recorded !== undefined) text = `${text},"arguments":${quote(recorded)}`;
  return text;
}

/**
 * The members of a request's log line that only the gate knows (registry/contract/gate/call-log.ts). The client controls methods and tools, so
 * each is cut and quoted.
 */
export function writeNote(noted: Noted): string {
  return (
    `"server":${quoteName(noted.server)},"instance":${quoteName(noted.instance)},` +
    `"era":${quoteName(noted.era)},"methods":[${quoteAll(noted.methods)}],"tools":[${quoteAll(noted.tools)}]` +
    writeOptional(noted)
  );
}
