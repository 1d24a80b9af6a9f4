import type { ListedTools, ProbeResult } from '../../contract/index.ts';
import { explainFailure } from '../explain/explain-failure.ts';
import type { Failure, FailureContext } from '../explain/failure.ts';
import { quoteForeign } from '../explain/redact.ts';
import { resultOf, type Answer } from '../rpc/answer.ts';
import type { Channel } from '../rpc/channel.ts';
import type { Dialect } from '../rpc/dialect.ts';
import { collectTools, type CollectedTools } from './collect-tools.ts';
import type { Flaw } from '../probe/flaw.ts';
import type { Clock } from '../probe/probe-clock.ts';
import { readCursor } from './read-cursor.ts';

const METHOD_NOT_FOUND = -32601;

/** All tools that a server lists, and the flaws of the list. */
export interface Listing extends ListedTools {
  listing: ProbeResult['listing'];
  flaws: Flaw[];
  /** Why the list, or the rest of it, could not be read. */
  failure: Failure | null;
}

export interface ListOptions {
  dialect: Dialect;
  /** Whether the server declares that it has tools. */
  isDeclared: boolean;
  clock: Clock;
  failure: FailureContext;
}

/** How far the pages could be read. */
interface Walked {
  collected: CollectedTools;
  /** The answer that was no page. */
  broken: Answer | null;
  /** What is wrong with its cursors. */
  paging: Flaw | null;
  pages: number;
}

async function walk(channel: Channel, { dialect, clock }: ListOptions): Promise<Walked> {
  const collected = collectTools(dialect.era);
  const followed = new Set<string>();
  let params = {};
  for (let pages = 0; ; pages += 1) {
    const answer = await channel.request({ method: 'tools/list', params, dialect, timeoutMs: clock.requestMs() });
    const result = resultOf(answer);
    const page = result?.['tools'];
    if (!Array.isArray(page)) return { collected, broken: answer, paging: null, pages };
    const next = readCursor(result?.['nextCursor'], followed, await collected.add(page as unknown[]));
    if (typeof next !== 'string') return { collected, broken: null, paging: next, pages: pages + 1 };
    if (collected.isFull()) return { collected, broken: null, paging: null, pages: pages + 1 };
    followed.add(next);
    params = { cursor: next };
  }
}

/** What is wrong although every page was received. */
function listFlaws({ collected, paging }: Walked, isDeclared: boolean): Flaw[] {
  const flaws = paging === null ? [] : [paging];
  const [first, ...others] = collected.repeated();
  // A repeated page is a flaw of the cursor.
  if (first !== undefined && paging === null)
    flaws.push({
      problem: `Its tools/list contains ${JSON.stringify(quoteForeign(first, 80))}${others.length === 0 ? '' : ` and ${others.length} others`} twice`,
      remedy: 'List each tool once: some MCP clients reject the whole list.',
    });
  const { tools, malformed } = collected.list();
  if (!isDeclared && tools.length + malformed.length > 0)
    flaws.push({
      problem: 'It lists tools, but its handshake does not declare capabilities.tools',
      remedy: 'Declare capabilities.tools: many MCP clients do not request tools without it.',
    });
  return [...flaws, ...collected.flaws()];
}

/**
 * Lists the tools of a server, every page, sorted by name. An error does not hide the rest: malformed tools are omitted and reported, and the
 * pages before a failed one are returned. A server that does not declare tools is listed nevertheless, since it may have some. Never throws.
 */
export async function listAllTools(channel: Channel, options: ListOptions): Promise<Listing> {
  const walked = await walk(channel, options);
  const { collected, broken, pages } = walked;
  const listed = collected.list();
  const flaws = listFlaws(walked, options.isDeclared);
  if (collected.isRejected()) return { ...listed, listing: 'none', flaws, failure: null };
  if (broken === null) return { ...listed, listing: 'all', flaws, failure: null };
  if (pages > 0) return { ...listed, listing: 'some', flaws, failure: explainFailure(broken, options.failure) };
  if (!options.isDeclared) return { ...listed, listing: 'all', flaws, failure: null };
  if (broken.reply?.error?.code !== METHOD_NOT_FOUND)
    return { ...listed, listing: 'none', flaws, failure: explainFailure(broken, options.failure) };
  const problem = 'It declares tools, but does not know tools/list';
  const remedy = 'Leave capabilities.tools out, or answer tools/list.';
  return { ...listed, listing: 'all', flaws: [...flaws, { problem, remedy }], failure: null };
}
