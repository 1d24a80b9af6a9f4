import { z } from 'zod';
import { ACCESS_VERSION } from './access-version.ts';
import { agentName } from './agent.ts';

/**
 * The files in `DATA_DIR/access/` by which the registry tells the gate who may do what (DESIGN §6). The gate imports the types only.
 * Times are epoch milliseconds. What is missing, unreadable, unparsable or of another version means no.
 */
const v = z.literal(ACCESS_VERSION);

/**
 * `gate.json`: `drain` makes the gate close client connections after each reply; `killed` refuses every call, with this reason; `sessionKey`
 * binds session ids to agents (derived from SECRET_KEY, base64url).
 */
const sessionKey = z.string().regex(/^[\w-]{43}$/);
export const gateFile = z.object({ v, drain: z.boolean(), killed: z.string().nullable(), sessionKey });
/**
 * `keys/<sha256 hex of the key>.json`: the key, and what its agent may do, so that a call needs one file and not two (ADR 0011). An end that
 * there is not is left out.
 */
export const keyFile = z.object({
  v,
  agent: agentName,
  enabled: z.boolean().describe('the agent'),
  grants: z.array(z.object({ server: z.string(), tools: z.array(z.string()) })),
  /** The same as in `gate.json`, which nearly no call reads. */
  sessionKey,
  /** Of the key. */
  expiresAt: z.int().optional(),
  agentExpiresAt: z.int().optional(),
});
/** `servers/<id>.json`. What is not so for most servers is left out: the gate reads this for each call, and each byte costs. */
export const serverFile = z.object({
  v,
  state: z.enum(['on', 'off']),
  /** Tool names that may be called at all; null = any. */
  tools: z.array(z.string()).nullable(),
  instances: z.array(
    z.object({
      id: z.string(),
      up: z.boolean(),
      /** 1 when left out. */
      weight: z.int().optional(),
      /** What follows "?" in the registered URL: a secret, so it is never rendered. */
      query: z.string().min(1).optional(),
    }),
  ),
  /** Header → value, given to the backend. Names as registered. */
  credentials: z.record(z.string(), z.string()).optional(),
  /** Names of the client's headers that go on to the backend beside the usual ones. */
  forwardHeaders: z.array(z.string()).optional(),
  /** Only the management server: the caller's own key is passed on. */
  passKey: z.literal(true).optional(),
});

export type GateFile = z.infer<typeof gateFile>;
export type KeyFile = z.infer<typeof keyFile>;
export type ServerFile = z.infer<typeof serverFile>;
