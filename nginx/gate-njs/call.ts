import type { ServerFile } from '../../registry/contract/access-files.ts';
import type { GateRequest } from './njs.d.ts';
import type { Route } from './route.ts';

/** A call by a known agent to a server that it has a grant for. */
export interface Call {
  r: GateRequest;
  route: Route;
  /** What of the server is routed (instances.ts). */
  published: string;
  server: ServerFile;
  agent: string;
  /** Tools that the agent may call here; null = all. */
  granted: string[] | null;
  /** The caller's key, for the one server that gets it. */
  key: string;
  era: 'legacy' | 'modern';
  /** The id of the request in the body, once it is read. */
  id: string | number | null;
}
