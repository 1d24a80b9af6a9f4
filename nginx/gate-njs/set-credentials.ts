import type { Call } from './call.ts';

function spell(character: string): string {
  return `_${character.charCodeAt(0).toString(16)}`;
}

/** The variable that carries the value of a credential header; `render` declares it by the same rule (quote.ts). */
export function credentialVariable(header: string): string {
  // Nearly every server that needs a credential needs this one.
  if (header === 'Authorization') return 'mcpgw_header_authorization';
  return `mcpgw_header_${header.toLowerCase().replace(/[^a-z0-9]/g, spell)}`;
}

/** Gives the backend its own credentials, and to the one server that asks for it the caller's key (DESIGN §6.6). */
export function setCredentials(call: Call): void {
  const credentials = call.server.credentials ?? {};
  const v = call.r.variables;
  const names = Object.keys(credentials);
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] ?? '';
    v[credentialVariable(name)] = credentials[name] ?? '';
  }
  if (call.server.passKey === true) v.mcpgw_header_authorization = `Bearer ${call.key}`;
}
