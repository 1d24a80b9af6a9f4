import { stat } from 'node:fs/promises';
import { describeError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { readCertificatePair, type CertificateSource } from '../../settings/index.ts';
import type { PlannedCertificate } from '../plan/route-plan.ts';
import type { PemFiles } from './pem-files.ts';

const DAY_MS = 86_400_000;
const WARN_DAYS = 14;

/** The gateway's own certificates, which NGINX presents. */
export interface Certificates {
  /** The last valid version of each certificate, in the order of the settings. */
  current(): PlannedCertificate[];
  /** Names and expiry of each of them. */
  list(): { names: string[]; expiresAt: string }[];
  /** Reads them all. Throws RegistryError or CertificateError when one cannot be used and never could. */
  load(): Promise<void>;
  /** Checks the files every `everyMs` and calls back when one was renewed. An invalid one is logged, and the previous one remains in use. */
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

/** Changes when a file is rewritten or replaced, or a link to it gets a new target; constant for PEM text in a setting. */
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

/** Creates the reader of the gateway's certificates. NGINX gets copies, so that an incomplete renewal is never published. */
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
        logger.warn(
          { error: describeError(error) },
          'a renewed certificate cannot be used; the previous one remains in use',
        );
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
        const found = loaded.get(source);
        return found === undefined ? [] : [found.planned];
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
