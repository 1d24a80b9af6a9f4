import type { Request } from 'express';
import type { Access, KeyHolder } from '../../access/index.ts';
import { RegistryError } from '../../lib/errors.ts';

/** Who holds the key of a request, from `Authorization: Bearer` or `X-Api-Key`. Throws `unauthorized` and `forbidden`. */
export async function identifyHolder(
  access: Pick<Access, 'identifyAgent'>,
  request: Request,
): Promise<KeyHolder & { key: string }> {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(request.get('Authorization') ?? '') ?? [];
  const key = bearer ?? request.get('X-Api-Key');
  if (key === undefined || key === '')
    throw new RegistryError('unauthorized', 'this needs the key of an agent', {
      hint: 'Send Authorization: Bearer mgw_…, or X-Api-Key.',
    });
  return { ...(await access.identifyAgent(key)), key };
}
