/** The key that came with a request, as the gateway takes it (DESIGN §6.1): `Authorization: Bearer` or `X-Api-Key`. Undefined: none. */
export function readKey(headers: Headers): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const key = bearer ?? headers.get('x-api-key')?.trim();
  return key === '' ? undefined : key;
}
