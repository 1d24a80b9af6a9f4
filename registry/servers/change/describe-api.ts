import {
  instanceInput,
  type ApiDescription,
  type ApiDescriptionView,
  type InstanceInput,
} from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { ServersDeps } from '../servers-deps.ts';

/** What the description of a server adds to it. */
export interface DescribedApi {
  openapi: ApiDescriptionView;
  document: string;
  /** Where the API is: as given, else as the description says. */
  instances: readonly InstanceInput[];
}

/**
 * Reads the description of a REST API. `given`: the instances that an operator named, none for the URL of the description. Throws RegistryError
 * `invalid` when it cannot be read, is none or names no address.
 */
export async function describeApi(
  deps: Pick<ServersDeps, 'readDescription'>,
  source: ApiDescription,
  given: readonly InstanceInput[],
): Promise<DescribedApi> {
  const { document, view, serverUrl } = await deps.readDescription(source);
  const serverFromDocument = given.length === 0;
  if (!serverFromDocument) return { openapi: { ...view, serverFromDocument }, document, instances: given };
  if (serverUrl === null)
    throw new RegistryError('invalid', 'url: the description names no absolute URL of a server; give "url"', {
      errors: [{ field: 'url', message: 'the description names no absolute URL of a server' }],
      hint: 'Set "url" to where the API is, for example "https://api.example.com/v1".',
    });
  return { openapi: { ...view, serverFromDocument }, document, instances: [instanceInput.parse({ url: serverUrl })] };
}
