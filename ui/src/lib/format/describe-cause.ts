import { capitalize } from './format.ts';

/** Describes what triggered a publish: "server.registered weather" → "Server weather registered". */
export function describeCause(cause: string): string {
  const [, subject = '', change = '', name = ''] = /^(\w+)\.(\w+)(?: (.+))?$/.exec(cause) ?? [];
  return capitalize(subject === '' ? cause : [subject, name, change].filter((word) => word !== '').join(' '));
}
