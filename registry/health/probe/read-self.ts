import { SERVER_INFO_META_KEY } from '@modelcontextprotocol/client';
import { isRecord, type ProbeResult } from '../../contract/index.ts';
import type { Agreement } from './agree-on-era.ts';
import type { Flaw } from './flaw.ts';

type Fields = Record<string, unknown>;
const MAX_TEXT = 200;
const MAX_CAPABILITIES = 100;

function asFields(value: unknown): Fields | null {
  return isRecord(value) ? value : null;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
}

/** The capabilities that a server declares: `resources`, `tools`, `tools.listChanged` … */
export function listCapabilities(capabilities: Fields): string[] {
  return Object.entries(capabilities)
    .flatMap(([name, value]) => [
      name.slice(0, 64),
      ...(asFields(value)?.['listChanged'] === true ? [`${name.slice(0, 64)}.listChanged`] : []),
    ])
    .sort()
    .slice(0, MAX_CAPABILITIES);
}

/** The description that a server sends of itself; a missing field that its handshake must have (MCP schema, `InitializeResult`, `DiscoverResult`) is a flaw. */
export function readSelf({ dialect, result }: Agreement): Pick<ProbeResult, 'serverInfo' | 'capabilities'> & {
  flaws: Flaw[];
} {
  const capabilities = asFields(result['capabilities']);
  const meta = asFields(result['_meta']) ?? {};
  const info = asFields(result['serverInfo']) ?? asFields(meta[SERVER_INFO_META_KEY]);
  const required: [field: string, isPresent: boolean][] =
    dialect.era === 'modern'
      ? [['capabilities', capabilities !== null]]
      : [
          ['protocolVersion', dialect.version !== null],
          ['capabilities', capabilities !== null],
          ['serverInfo', info !== null],
          ['serverInfo.name', info === null || typeof info['name'] === 'string'],
          ['serverInfo.version', info === null || typeof info['version'] === 'string'],
        ];
  const missing = required.flatMap(([field, isPresent]) => (isPresent ? [] : [field]));
  const step = dialect.era === 'modern' ? 'server/discover' : 'initialize';
  return {
    capabilities: listCapabilities(capabilities ?? {}),
    serverInfo:
      info === null
        ? null
        : {
            name: asText(info['name']),
            version: asText(info['version']),
            ...(typeof info['title'] === 'string' ? { title: asText(info['title']) } : {}),
          },
    flaws:
      missing.length === 0
        ? []
        : [
            {
              problem: `Its result of ${step} lacks ${missing.join(' and ')}`,
              remedy: `Make the server send ${missing.join(' and ')}: otherwise clients of the official SDKs refuse to connect.`,
            },
          ],
  };
}
