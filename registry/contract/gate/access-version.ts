/** Version of the access files. A gate reads those of its own version only; what bundles it must not bundle zod, so this stands alone. */
export const ACCESS_VERSION = 2;

/**
 * Time of change (epoch milliseconds, 1970) of a `gate.json` by which calls may pass and connections stay open, so that the gate knows by one
 * stat and need not read it. Whoever writes to the file, by whatever means, gives it another time, and then it is read.
 */
export const CALM_AT_MS = 1_000;
