import { platform } from 'platform/system';
import { lastIndexOf } from 'platform/text';
import type { Mac } from '../../platform/types.d.ts';
import { sign, type Session } from './tag.ts';

/** Name of the parameter that carries the tag in the URL of a legacy message endpoint. */
const TAG_PARAMETER = 'mcpgw=';

/** The parts of a message URL that the tag covers. */
export interface MessageUrl {
  rest: string;
  query: string;
}

function signMessage(mac: Mac, url: MessageUrl, agent: string, instance: string): string {
  return sign(mac, `${url.rest}?${url.query}`, agent, instance);
}

/** The query of the message endpoint for a client of the legacy SSE transport: the backend's query, followed by the tag over the whole URL. */
export function tagMessageQuery(mac: Mac, url: MessageUrl, agent: string, instance: string): string {
  const tag = `${TAG_PARAMETER}${instance}.${signMessage(mac, url, agent, instance)}`;
  return url.query === '' ? tag : `${url.query}&${tag}`;
}

/** The session that a message URL refers to (`backendId` is the backend's query); undefined when it was not issued to this agent. */
export function readMessageTag(mac: Mac, url: MessageUrl, agent: string): Session | undefined {
  const { query } = url;
  const mark = lastIndexOf(query, TAG_PARAMETER);
  const dot = lastIndexOf(query, '.');
  if (mark < 0 || dot < mark || (mark > 0 && query.charAt(mark - 1) !== '&')) return undefined;
  const backendQuery = mark === 0 ? '' : query.slice(0, mark - 1);
  const instance = query.slice(mark + TAG_PARAMETER.length, dot);
  const digits = signMessage(mac, { rest: url.rest, query: backendQuery }, agent, instance);
  return platform.isSame(digits, query.slice(dot + 1)) ? { backendId: backendQuery, instance } : undefined;
}
