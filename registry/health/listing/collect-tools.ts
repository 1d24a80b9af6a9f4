import { isDeepStrictEqual } from 'node:util';
import { tool as toolSchema, type Era, type ListedTools, type MalformedTool, type Tool } from '../../contract/index.ts';
import { mapInSlices } from '../../lib/in-slices.ts';
import { quoteForeign } from '../explain/redact.ts';
import type { Flaw } from '../probe/flaw.ts';
import { explainMalformed, explainTool, nameOf } from './validate-tool.ts';

const MAX_TOOLS = 10_000;
const MAX_MALFORMED = 1_000;
const MAX_PROBLEM = 200;
const DIFFERENT = 'listed twice, with different definitions';

/** The tools of the pages of a list. */
export interface CollectedTools {
  /** Adds one page, in slices: a page may list thousands of tools. Returns whether it contained anything new. */
  add(page: readonly unknown[]): Promise<boolean>;
  isFull(): boolean;
  /** More tools are malformed than can be reported: a tool lock could not determine which ones, so the whole list is ignored. */
  isRejected(): boolean;
  /** Names of tools that were listed again with the same definition. */
  repeated(): readonly string[];
  /** All of them, sorted by name, without malformed ones and those with several definitions, which are in `malformed`. */
  list(): ListedTools;
  flaws(): Flaw[];
}

export function collectTools(era: Era): CollectedTools {
  const tools = new Map<string, Tool>();
  const malformed = new Map<string, MalformedTool>();
  const repeated = new Set<string>();

  function addMalformed(name: string | null, problem: string): boolean {
    const found = { name, problem: quoteForeign(problem, MAX_PROBLEM) };
    const key = JSON.stringify(found);
    if (malformed.has(key) || malformed.size > MAX_MALFORMED) return false;
    malformed.set(key, found);
    return true;
  }

  function addTool(listed: unknown): boolean {
    const problem = explainTool(listed, era);
    const { data } = problem === null ? toolSchema.safeParse(listed) : { data: undefined };
    if (data === undefined) return addMalformed(nameOf(listed), problem ?? 'it is not JSON');
    const before = tools.get(data.name);
    if (before === undefined) return tools.size <= MAX_TOOLS && tools.set(data.name, data).size > 0;
    if (!isDeepStrictEqual(before, data)) return addMalformed(data.name, DIFFERENT);
    repeated.add(data.name);
    return false;
  }

  return {
    add: async (page) => (await mapInSlices(page, addTool)).includes(true),
    isFull: () => tools.size > MAX_TOOLS || malformed.size > MAX_MALFORMED,
    isRejected: () => malformed.size > MAX_MALFORMED,
    repeated: () => [...repeated],
    list() {
      if (malformed.size > MAX_MALFORMED) return { tools: [], malformed: [] };
      const omitted = [...malformed.values()];
      const ambiguous = new Set(omitted.flatMap(({ name, problem }) => (problem === DIFFERENT ? [name] : [])));
      const valid = [...tools.values()].filter(({ name }) => !ambiguous.has(name)).slice(0, MAX_TOOLS);
      return { tools: valid.sort((a, b) => (a.name < b.name ? -1 : 1)), malformed: omitted };
    },
    flaws() {
      const omitted = explainMalformed([...malformed.values()]);
      return [
        ...(omitted === null ? [] : [omitted]),
        ...(tools.size > MAX_TOOLS
          ? [
              {
                problem: `Its tools/list has more than ${MAX_TOOLS} tools; the rest is ignored`,
                remedy: 'Make it list fewer tools.',
              },
            ]
          : []),
      ];
    },
  };
}
