import { explainHttpUrl, isRecord } from '../contract/index.ts';
import { textOf } from './document.ts';

type WithServers = Record<string, unknown>;

/** The first server of an object, its variables replaced by their defaults, as an absolute URL; null: there is none. */
export function locateServer({ servers }: WithServers, base: string | null): string | null {
  const first: unknown = Array.isArray(servers) ? servers[0] : undefined;
  if (!isRecord(first)) return null;
  const variables = isRecord(first['variables']) ? first['variables'] : {};
  const written = textOf(first['url']).replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const variable: unknown = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return isRecord(variable) ? textOf(variable['default']) : '';
  });
  const url = URL.parse(written, base ?? undefined);
  if (url === null || explainHttpUrl(url.href) !== null) return null;
  return url.href.replace(/\/+$/, '');
}
