import { writeNumber } from 'platform/text';
import { TOOL_MEMBERS } from '../../../../registry/contract/gate/tool-members.ts';
import { walkJson } from '../../json/walk-json.ts';
import { byteAt } from '../../json/scan/text/bytes.ts';
import { decodeClear } from '../../json/scan/text/codes.ts';

/** A tool's definition as it is compared and forwarded. */
export interface CanonicalTool {
  /** Equal for equal definitions, however they are written (registry/tools/snapshot/canonical-tool.ts creates the same from a value). */
  canonical: string;
  /** The definition as the server wrote it, without members that are not subject to approval. */
  text: string;
}

interface Container {
  isObject: boolean;
  keys: string[];
  values: Record<string, string | undefined>;
  elements: string[];
  key: string;
}

const QUOTE = 34;
const LETTER_A = 97;
const MAX_DEPTH = 128;

let text = '';
let stack: Container[] = [];
let depth = 0;
let result = '';
let isClear = true;
let keyAt = 0;
let slices: string[] = [];
let dropped = 0;

function writeText(value: string): string {
  return `"${value.length}:${value}`;
}

function add(value: string, end: number): void {
  const top = stack[depth - 1];
  if (top === undefined) {
    result = value;
    return;
  }
  if (!top.isObject) {
    top.elements.push(value);
    return;
  }
  const { key } = top;
  if (depth === 1) {
    if (TOOL_MEMBERS[key] !== true) {
      dropped += 1;
      return;
    }
    slices.push(text.slice(keyAt - 1, end));
  }
  // Some parsers use the first value, others the last.
  if (top.values[key] !== undefined) isClear = false;
  else top.keys.push(key);
  top.values[key] = value;
}

function writeObject({ keys, values }: Container): string {
  keys.sort();
  let written = '{';
  for (const key of keys) written += writeText(key) + (values[key] ?? '');
  return `${written}}`;
}

const visitor = {
  open(this: void, _depth: number, isObject: boolean): void {
    stack[depth] = { isObject, keys: [], values: {}, elements: [], key: '' };
    depth += 1;
  },
  close(this: void, _depth: number, at: number): void {
    const top = stack[depth - 1];
    depth -= 1;
    if (top !== undefined) add(top.isObject ? writeObject(top) : `[${top.elements.join('')}]`, at + 1);
  },
  key(this: void, _depth: number, from: number, to: number): void {
    const top = stack[depth - 1];
    const key = decodeClear(text, from, to);
    if (key === undefined) isClear = false;
    if (depth === 1) keyAt = from;
    if (top !== undefined) top.key = key ?? '';
  },
  scalar(this: void, _depth: number, from: number, to: number): void {
    const first = byteAt(text, from);
    if (first === QUOTE) {
      const value = decodeClear(text, from + 1, to - 1);
      if (value === undefined) isClear = false;
      add(writeText(value ?? ''), to);
    } else add(first >= LETTER_A ? text.slice(from, to) : writeNumber(text.slice(from, to)), to);
  },
};

/** The canonical form of a tool's definition. Undefined: parsers read it differently. */
export function canonicalizeTool(definition: string): CanonicalTool | undefined {
  text = definition;
  stack = [];
  depth = 0;
  result = '';
  isClear = true;
  slices = [];
  dropped = 0;
  const isJson = walkJson(definition, MAX_DEPTH, visitor);
  const remaining = dropped === 0 ? definition : `{${slices.join(',')}}`;
  text = '';
  stack = [];
  slices = [];
  return isJson && isClear ? { canonical: result, text: remaining } : undefined;
}
