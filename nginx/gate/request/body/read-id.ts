import { readMessages } from './read-messages.ts';

/** Bodies of refused calls are read for their id up to this size. */
const MAX_BYTES = 65_536;

/** The id of the request in a body that is not judged, as it was written; undefined if there is none or more than one. */
export function readId(body: string | undefined): string | undefined {
  if (body === undefined || body === '' || body.length > MAX_BYTES) return undefined;
  const { messages, refusal } = readMessages(body);
  return messages?.id ?? refusal?.id;
}
