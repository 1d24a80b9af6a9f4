/** The API key of a request, from the same headers as in the gateway: `Authorization: Bearer` or `X-Api-Key`. Undefined if there is none. */
export function readKey(headers: Headers): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const key = bearer ?? headers.get('x-api-key')?.trim();
  return key === '' ? undefined : key;
}
