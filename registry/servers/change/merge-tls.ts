import type { ServerTls, ServerTlsInput } from '../../contract/index.ts';

const NONE: ServerTls = { ca: null, certificate: null, key: null };

/** The TLS settings of a server with a patch merged in: absent fields remain unchanged, null removes. Undefined: no settings remain. */
export function mergeTls(before: ServerTls | undefined, patch: ServerTlsInput | undefined): ServerTls | undefined {
  const { ca, certificate, key } = before ?? NONE;
  const after = {
    ca: patch?.ca === undefined ? ca : patch.ca,
    certificate: patch?.certificate === undefined ? certificate : patch.certificate,
    key: patch?.key === undefined ? key : patch.key,
  };
  return Object.values(after).every((value) => value === null) ? undefined : after;
}
