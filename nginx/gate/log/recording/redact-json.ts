import { quote } from 'platform/text';
import { foldKey } from '../../json/fold-key.ts';
import { MAX_DEPTH, walkJson } from '../../json/walk-json.ts';
import { keyAt } from '../../json/key-at.ts';
import { byteAt } from '../../json/scan/text/bytes.ts';
import { decodeClear } from '../../json/scan/text/codes.ts';
import { REDACTED, redactSecrets } from './secrets.ts';

/** Names of members whose values are never recorded, regardless of what a server declares. */
const ALWAYS = [
  'password',
  'passwd',
  'secret',
  'clientsecret',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'apikey',
  'authorization',
  'cookie',
  'privatekey',
  'secretkey',
  'secretaccesskey',
  'credentials',
];
/** The same for every name with one of these endings, such as `dbPassword`. */
const ENDINGS = ['password', 'passwd', 'secret', 'token', 'apikey', 'accesskey', 'privatekey'];
const QUOTE = 34;
const SPACE = 32;
const BRACE = 123;
const BRACKET = 91;
/** How deep JSON within texts of JSON is read. */
const MAX_NESTING = 4;
const HIDDEN = quote(REDACTED);

/** Names as they are compared: in lower case, without `_` and `-`. */
export type HiddenNames = Record<string, true | undefined>;

function simplify(name: string): string {
  return name.toLowerCase().split('_').join('').split('-').join('');
}

/** The names of members whose values are not recorded: those that a server declares, and some that are always secret. */
export function listHidden(declared: readonly string[]): HiddenNames {
  const hidden: HiddenNames = {};
  for (const name of ALWAYS) hidden[name] = true;
  for (const name of declared) hidden[simplify(name)] = true;
  return hidden;
}

// The state of reading one text; shared by all texts, since nothing yields while one is read.
let text = '';
let hidden: HiddenNames = {};
let hides = false;
/** Depth of the hidden object or array that is open; 0: none. */
let hiddenDepth = 0;
let pieces: string[] = [];
let copiedTo = 0;
/** The end of what was read and may be shown. */
let endsAt = 0;
/** How many texts are being read, each nested in the previous one. */
let nesting = 0;

function replace(from: number, to: number, by: string): void {
  pieces.push(text.slice(copiedTo, from));
  pieces.push(by);
  copiedTo = to;
}

function open(depth: number, _isObject: boolean, at: number): void {
  if (hiddenDepth > 0) return;
  if (hides) {
    hiddenDepth = depth;
    pieces.push(text.slice(copiedTo, at));
    pieces.push(HIDDEN);
    copiedTo = -1;
  } else endsAt = at + 1;
  hides = false;
}

function close(depth: number, at: number): void {
  if (hiddenDepth === 0) endsAt = at + 1;
  else if (hiddenDepth === depth) {
    hiddenDepth = 0;
    copiedTo = at + 1;
    endsAt = at + 1;
  }
}

function isHidden(name: string): boolean {
  if (hidden[name] === true) return true;
  for (const ending of ENDINGS) if (name.endsWith(ending)) return true;
  return false;
}

function key(_depth: number, from: number, to: number): void {
  if (hiddenDepth > 0) return;
  const name = keyAt(text, from, to);
  // A name that parsers read differently may be any name.
  const shown = name === undefined ? REDACTED : redactSecrets(name);
  if (shown !== name) replace(from, to, quote(shown).slice(1, -1));
  hides = name === undefined || isHidden(simplify(foldKey(text, from, to) ?? ''));
}

/** Whether a text may be JSON from which something must be left out. */
function mayBeJson(value: string): boolean {
  let at = 0;
  while (at < value.length && byteAt(value, at) <= SPACE) at += 1;
  const first = byteAt(value, at);
  return first === BRACE || first === BRACKET;
}

/** A text without secrets. If it is JSON itself, as results of tools often are, the values of hidden members are left out too. */
function redactText(value: string): string {
  if (nesting >= MAX_NESTING || value === '' || !mayBeJson(value)) return redactSecrets(value);
  const outer = { text, hides, hiddenDepth, pieces, copiedTo, endsAt };
  nesting += 1;
  const inner = redactWhole(value);
  nesting -= 1;
  ({ text, hides, hiddenDepth, pieces, copiedTo, endsAt } = outer);
  return inner ?? redactSecrets(value);
}

function scalar(_depth: number, from: number, to: number): void {
  if (hiddenDepth > 0) return;
  if (hides) replace(from, to, HIDDEN);
  else if (byteAt(text, from) === QUOTE) {
    const value = decodeClear(text, from + 1, to - 1);
    const shown = value === undefined ? REDACTED : redactText(value);
    if (shown !== value) replace(from, to, quote(shown));
  }
  hides = false;
  endsAt = to;
}

const visitor = { open, close, key, scalar };

function begin(json: string): void {
  text = json;
  hides = false;
  hiddenDepth = 0;
  pieces = [];
  copiedTo = 0;
  endsAt = 0;
}

/** A JSON text without the values of hidden members and without secrets; undefined: it is not JSON. */
function redactWhole(json: string): string | undefined {
  begin(json);
  if (!walkJson(json, MAX_DEPTH, visitor)) return undefined;
  pieces.push(json.slice(copiedTo));
  return pieces.join('');
}

/**
 * A JSON text without the values of hidden members and without recognisable secrets. If it is truncated or not JSON, only the part read before
 * that point: the last string may be half a secret.
 */
export function redactJson(json: string, names: HiddenNames): string {
  hidden = names;
  begin(json);
  walkJson(json, MAX_DEPTH, visitor);
  if (hiddenDepth === 0 && endsAt > copiedTo) pieces.push(json.slice(copiedTo, endsAt));
  const redacted = pieces.join('');
  text = '';
  pieces = [];
  return redacted;
}
