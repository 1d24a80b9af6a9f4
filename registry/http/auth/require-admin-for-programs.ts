import { PROGRAM_FIELDS } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import { includesRole, type Caller } from './caller.ts';

/** Throws `forbidden` when someone below an administrator sets what the gateway runs. */
export function requireAdminForPrograms(caller: Caller | null, body: object): void {
  const field = ['program', ...PROGRAM_FIELDS].find((name) => {
    const value = (body as Record<string, unknown>)[name];
    // A server at a URL has no program and an empty environment.
    return value !== undefined && value !== null && !(name === 'env' && Object.keys(value).length === 0);
  });
  if (field === undefined || (caller !== null && includesRole(caller.role, 'admin'))) return;
  throw new RegistryError('forbidden', 'only administrators may set what the gateway runs', {
    errors: [{ field: field === 'program' ? 'command' : field, message: 'needs the role admin' }],
    hint: 'Ask an administrator to register or change this server.',
  });
}
