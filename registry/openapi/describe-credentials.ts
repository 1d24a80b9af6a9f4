import { isRecord } from '../contract/index.ts';
import { textOf, type Document } from './document.ts';

function describe(scheme: Record<string, unknown>): string {
  const name = textOf(scheme['name']).slice(0, 100);
  const kind = textOf(scheme['type']);
  if (kind === 'apiKey') {
    if (scheme['in'] === 'header') return `an API key: set "headers" to {"${name}": "…"}`;
    if (scheme['in'] === 'query') return `an API key: end "url" with "?${name}=…", which is stored as a secret`;
    return `an API key in a cookie: set "headers" to {"Cookie": "${name}=…"}`;
  }
  if (kind === 'http' && textOf(scheme['scheme']).toLowerCase() === 'basic')
    return 'a user and password: set "headers" to {"Authorization": "Basic …"} (base64 of user:password)';
  if (kind === 'http') return 'a token: set "headers" to {"Authorization": "Bearer …"}';
  if (kind === 'oauth2' || kind === 'openIdConnect')
    return 'an OAuth token: set "headers" to {"Authorization": "Bearer …"}';
  return `"${kind.slice(0, 40)}", which this gateway does not know`;
}

/** Describes the credentials that the API requires, each once. */
export function describeCredentials({ root, follow }: Document): string[] {
  const components = follow(root['components']) ?? {};
  const schemes = isRecord(components['securitySchemes']) ? Object.values(components['securitySchemes']) : [];
  const found = schemes.map(follow).filter((scheme) => scheme !== undefined);
  return [...new Set(found.map(describe))].slice(0, 10);
}
