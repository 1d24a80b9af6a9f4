import { z } from 'zod';

const pem = (label: string, what: string) =>
  z
    .string()
    .trim()
    .max(65_536)
    .regex(new RegExp(`^-----BEGIN ${label}-----[\\s\\S]+-----END ${label}-----$`), `${what} in PEM form`);

const fields = {
  ca: pem('CERTIFICATE', 'one or more CA certificates')
    .nullable()
    .describe('CAs to trust for this server instead of CA_FILE'),
  certificate: pem('CERTIFICATE', 'a client certificate, with its chain')
    .nullable()
    .describe('presented to a server that requests one (mTLS)'),
  key: pem('(?:[A-Z]+ )?PRIVATE KEY', 'a private key')
    .nullable()
    .describe('of the client certificate, without a passphrase; write-only'),
};

/** How an https server is verified, and how the gateway authenticates to it. Absent fields remain unchanged, null removes. */
export const serverTlsInput = z.strictObject(fields).partial();

/** The same as the API shows it: without the key. */
export const serverTlsView = z.object({ ca: z.string().nullable(), certificate: z.string().nullable() });

export type ServerTlsInput = z.infer<typeof serverTlsInput>;
/** The same as it is stored. The key is a secret. */
export interface ServerTls {
  ca: string | null;
  certificate: string | null;
  key: string | null;
}
