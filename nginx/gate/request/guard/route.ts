import { META_PATH } from '../../../../registry/contract/gate/meta-endpoint.ts';

export type Endpoint = 'mcp' | 'sse' | 'message';

export interface Route {
  /** Path of a server that may or may not be registered. */
  path: string;
  endpoint: Endpoint;
  /** What follows `/sse/-/`: the message endpoint as the backend calls it. */
  rest: string;
  query: string;
}

const MESSAGE_MARK = '/sse/-/';
const META = `/${META_PATH}`;
/** `/mcp/<path>` is another spelling of `/<path>/mcp`. */
const META_PREFIX = `${META}/`;

/**
 * Which server and endpoint a request target refers to, or undefined when it cannot be a server. The target is parsed as it was sent:
 * percent-encoding, double slashes and dot segments are left as they are, and so match no registered path.
 */
export function parseRoute(target: string): Route | undefined {
  const mark = target.indexOf('?');
  const raw = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  const message = raw.indexOf(MESSAGE_MARK);
  let path = raw;
  let endpoint: Endpoint = 'mcp';
  let rest = '';
  if (message >= 0) {
    path = raw.slice(0, message);
    endpoint = 'message';
    rest = raw.slice(message + MESSAGE_MARK.length);
  } else {
    if (path.endsWith('/')) path = path.slice(0, -1);
    if (path !== META && path.endsWith('/mcp')) path = path.slice(0, -4);
    else if (path.endsWith('/sse')) {
      path = path.slice(0, -4);
      endpoint = 'sse';
    }
  }
  if (path.startsWith(META_PREFIX)) path = path.slice(META.length);
  // NGINX looks up map entries case-insensitively; paths are always in lower case.
  if (path.length < 2 || path.charAt(0) !== '/' || path !== path.toLowerCase()) return undefined;
  return { path: path.slice(1), endpoint, rest, query };
}
