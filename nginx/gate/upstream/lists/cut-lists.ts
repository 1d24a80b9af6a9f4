import type { GrantKind } from '../../../../registry/contract/gate/rules/index.ts';
import { walkJson } from '../../json/walk-json.ts';
import { byteAt } from '../../json/scan/text/bytes.ts';
import { decodeClear } from '../../json/scan/text/codes.ts';
import { foldKey } from '../../json/fold-key.ts';

/** The lists, by the member of the result: the kind of grant, and the member of their elements that names them. */
const LISTS: Record<string, { kind: GrantKind; naming: string } | undefined> = {
  tools: { kind: 'tools', naming: 'name' },
  prompts: { kind: 'prompts', naming: 'name' },
  resources: { kind: 'resources', naming: 'uri' },
  resourcetemplates: { kind: 'resources', naming: 'uritemplate' },
};

/** What remains of an element of a list: its text, a different text, or undefined for nothing. */
export type KeepElement = (this: void, kind: GrantKind, name: string, text: string) => string | undefined;

const QUOTE = 34;
const NOTHING: KeepElement = () => undefined;

// The state of reading one text; shared by all texts, since nothing yields while one is read.
let text = '';
let keep = NOTHING;
/** Depth of the messages: 1, or 2 in a batch. */
let base = 1;
let isResult = false;
let list: { kind: GrantKind; naming: string } | undefined;
let member = '';
let isInList = false;
let elementAt = -1;
let name: string | undefined;
let names = 0;
let pieces: string[] = [];
let count = 0;
let copiedTo = 0;
let kept = 0;
let isChanged = false;

function push(piece: string): void {
  pieces[count] = piece;
  count += 1;
}

function openList(at: number): void {
  isInList = true;
  kept = 0;
  push(text.slice(copiedTo, at + 1));
  copiedTo = at + 1;
}

function closeElement(at: number): void {
  const whole = text.slice(elementAt, at + 1);
  const known = list;
  const remaining =
    known !== undefined && names === 1 && name !== undefined ? keep(known.kind, name, whole) : undefined;
  if (remaining !== whole) isChanged = true;
  elementAt = -1;
  if (remaining === undefined) return;
  if (kept > 0) push(',');
  push(remaining);
  kept += 1;
}

function open(depth: number, isObject: boolean, at: number): void {
  if (depth === 1) base = isObject ? 1 : 2;
  else if (depth === base + 1) {
    isResult = member === 'result' && isObject;
    list = undefined;
  } else if (depth === base + 2) {
    if (isResult && list !== undefined && !isObject) openList(at);
  } else if (isInList && depth === base + 3) {
    elementAt = at;
    name = undefined;
    // An array cannot be a named element.
    names = isObject ? 0 : 2;
  } else if (isInList && depth === base + 4 && member === list?.naming) names = 2;
}

function close(depth: number, at: number): void {
  if (isInList && depth === base + 3) closeElement(at);
  else if (isInList && depth === base + 2) {
    isInList = false;
    copiedTo = at;
  } else if (depth === base + 1) isResult = false;
}

function key(depth: number, from: number, to: number): void {
  if (depth === base) member = foldKey(text, from, to) ?? '';
  else if (depth === base + 1) list = isResult ? LISTS[foldKey(text, from, to) ?? ''] : undefined;
  else if (isInList && depth === base + 3) member = foldKey(text, from, to) ?? '';
}

function scalar(depth: number, from: number, to: number): void {
  if (!isInList) return;
  if (depth === base + 2) isChanged = true;
  else if (depth === base + 3 && member === list?.naming) {
    names += 1;
    name = byteAt(text, from) === QUOTE ? decodeClear(text, from + 1, to - 1) : undefined;
  }
}

const visitor = { open, close, key, scalar };

/**
 * Removes from JSON-RPC responses the elements of lists (`tools`, `resources`, `resourceTemplates`, `prompts` of a `result`) that `keepElement`
 * does not keep. It cuts the text, so what remains is byte for byte the server's. Members match case-insensitively, as some clients read them;
 * an element without exactly one name is removed. Undefined: the text is not JSON.
 */
export function cutLists(json: string, keepElement: KeepElement): string | undefined {
  text = json;
  keep = keepElement;
  isResult = false;
  isInList = false;
  list = undefined;
  member = '';
  pieces = [];
  count = 0;
  copiedTo = 0;
  isChanged = false;
  const isJson = walkJson(json, 5, visitor);
  const rest = json.slice(copiedTo);
  const cut = isJson && isChanged ? pieces.join('') + rest : json;
  text = '';
  keep = NOTHING;
  pieces = [];
  return isJson ? cut : undefined;
}
