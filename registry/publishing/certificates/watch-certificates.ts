import { stat } from 'node:fs/promises';
import { describeError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { readCertificatePair, type CertificateSource } from '../../settings/index.ts';
import type { PlannedCertificate } from '../plan/route-plan.ts';
import type { PemFiles } from './pem-files.ts';

const DAY_MS = 86_400_000;
const WARN_DAYS = 14;

/** The gateway's own certificates, as NGINX shall show them. */
export interface Certificates {
  /** Those that were read last and can be used, in the order of the settings. */
  current(): PlannedCertificate[];
  /** The names and the end of each of those. */
  list(): { names: string[]; expiresAt: string }[];
  /** Reads them all. Throws RegistryError or CertificateError when one cannot be used and never could. */
  load(): Promise<void>;
  /** Looks at the files every `everyMs` and calls back when one was renewed. One that cannot be used is logged, and the one before stays. */
  watch(everyMs: number, onRenewed: () => void): void;
  close(): void;
}

interface Loaded {
  planned: PlannedCertificate;
  expiresAt: Date;
}

interface CertificatesDeps {
  sources: readonly CertificateSource[];
  files: PemFiles;
  logger: Pick<Log, 'warn' | 'info'>;
}

/** What changes when a file is rewritten, replaced, or a link to it led elsewhere. PEM text in a setting never does. */
async function fingerprint({ cert, key }: CertificateSource): Promise<string> {
  const facts = await Promise.all(
    [cert, key].map((file) =>
      stat(file).then(
        ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
        () => '',
      ),
    ),
  );
  return facts.join(' ');
}

/** Creates the reader of the gateway's certificates. NGINX gets copies, so that half of a renewal is never published. */
export function createCertificates({ sources, files, logger }: CertificatesDeps): Certificates {
  const loaded = new Map<CertificateSource, Loaded>();
  const seen = new Map<CertificateSource, string>();
  let timer: NodeJS.Timeout | undefined;
  let warnedAtMs = -Infinity;

  async function read(source: CertificateSource): Promise<boolean> {
    seen.set(source, await fingerprint(source));
    const { cert, key, names, expiresAt } = readCertificatePair(source);
    const planned = { names, certFile: await files.write(cert), keyFile: await files.write(key) };
    const before = loaded.get(source)?.planned;
    loaded.set(source, { planned, expiresAt });
    return before?.certFile !== planned.certFile || before.keyFile !== planned.keyFile;
  }

  function warnOfExpiry(): void {
    if (Date.now() - warnedAtMs < DAY_MS) return;
    warnedAtMs = Date.now();
    for (const { planned, expiresAt } of loaded.values())
      if (expiresAt.getTime() - Date.now() < WARN_DAYS * DAY_MS)
        logger.warn(
          { names: planned.names, expiresAt: expiresAt.toISOString() },
          "the gateway's certificate expires soon or has expired; renew it",
        );
  }

  async function findRenewed(): Promise<boolean> {
    let isRenewed = false;
    for (const source of sources) {
      if ((await fingerprint(source)) === seen.get(source)) continue;
      try {
        if (await read(source)) isRenewed = true;
      } catch (error) {
        logger.warn({ error: describeError(error) }, 'a renewed certificate cannot be used; the one before stays');
      }
    }
    return isRenewed;
  }

  async function check(onRenewed: () => void): Promise<void> {
    if (await findRenewed()) {
      logger.info({}, 'a certificate was renewed');
      warnedAtMs = -Infinity;
      onRenewed();
    }
    warnOfExpiry();
  }

  return {
    current: () =>
      sources.flatMap((source) => {
        const one = loaded.get(source);
        return one === undefined ? [] : [one.planned];
      }),
    list: () =>
      [...loaded.values()].map(({ planned, expiresAt }) => ({
        names: [...planned.names],
        expiresAt: expiresAt.toISOString(),
      })),
    async load() {
      for (const source of sources) await read(source);
      await files.prune();
      warnOfExpiry();
    },
    watch(everyMs, onRenewed) {
      if (sources.length === 0) return;
      let isChecking = false;
      timer = setInterval(() => {
        if (isChecking) return;
        isChecking = true;
        void check(onRenewed).finally(() => (isChecking = false));
      }, everyMs).unref();
    },
    close() {
      clearInterval(timer);
    },
  };
}
