import { serverInput, type ServerInput } from '../server/server.ts';
import type { z } from 'zod';
import type { ServerLimits } from '../access/limits.ts';
import type { ConfigAgent, ConfigKey, configGroup } from './config-document.ts';

/** A server as it would be registered again: every field present, secrets in plain text. */
export type CompleteServer = Omit<ServerInput, 'path'> & { limits?: ServerLimits | undefined };

/** An agent with every field present, keys by their hash. */
export type CompleteAgent = Omit<ConfigAgent, 'keys'> & {
  keys: (Omit<ConfigKey, 'key' | 'sha256'> & { sha256: string })[];
};

export type CompleteGroup = z.infer<typeof configGroup>;

type StoredTls = { ca: string | null; certificate: string | null; key: string | null } | undefined;

/** The input of a server with every field present: equal to the stored server if the input would not change it. */
export function completeServer({ path: _, ...input }: ServerInput): CompleteServer {
  const { ca = null, certificate = null, key = null } = input.tls ?? {};
  const tls: StoredTls = ca === null && certificate === null && key === null ? undefined : { ca, certificate, key };
  return { ...input, tls };
}

/** Fields of a server's input that are stored unchanged. */
export const PLAIN_SERVER_FIELDS = Object.keys(serverInput.in.shape).filter(
  (name) =>
    ![
      'path',
      'url',
      'proxy_pass_url',
      'instances',
      'headers',
      'env',
      'openapi',
      'tls',
      'command',
      'docker',
      'args',
      'cwd',
      'process',
      'confinement',
    ].includes(name),
);
