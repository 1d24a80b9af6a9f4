import {
  instanceInput,
  type ApiDescription,
  type ApiDescriptionView,
  type InstanceInput,
} from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { ServersDeps } from '../servers-deps.ts';

/** The fields of a server that its API description determines. */
export interface DescribedApi {
  openapi: ApiDescriptionView;
  document: string;
  /** URLs of the API: those of the operator, else the one in the description. */
  instances: readonly InstanceInput[];
}

/**
 * Reads the description of a REST API. `requested`: the instances that an operator named; if empty, the URL in the description is used. Throws
 * RegistryError `invalid` when the description cannot be read, is not valid or names no address.
 */
export async function describeApi(
  deps: Pick<ServersDeps, 'readDescription'>,
  source: ApiDescription,
  requested: readonly InstanceInput[],
): Promise<DescribedApi> {
  const { document, view, serverUrl } = await deps.readDescription(source);
  const serverFromDocument = requested.length === 0;
  if (!serverFromDocument) return { openapi: { ...view, serverFromDocument }, document, instances: requested };
  if (serverUrl === null)
    throw new RegistryError('invalid', 'url: the description names no absolute URL of a server; set "url"', {
      errors: [{ field: 'url', message: 'the description names no absolute URL of a server' }],
      hint: 'Set "url" to the address of the API, for example "https://api.example.com/v1".',
    });
  return { openapi: { ...view, serverFromDocument }, document, instances: [instanceInput.parse({ url: serverUrl })] };
}
