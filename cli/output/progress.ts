const FRAME_MS = 1_000;

/** Runs something that may take long. On a terminal, stderr shows what is running and for how long; elsewhere one line is written after a second. */
export async function withProgress<Result>(what: string, run: () => Promise<Result>): Promise<Result> {
  const begun = Date.now();
  const { stderr } = process;
  const shown = { once: false };
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - begun) / 1_000);
    if (stderr.isTTY) stderr.write(`\r${what} … ${seconds} s `);
    else if (!shown.once) stderr.write(`${what} …\n`);
    shown.once = true;
  }, FRAME_MS);
  try {
    return await run();
  } finally {
    clearInterval(timer);
    if (shown.once && stderr.isTTY) stderr.write('\r\u001b[K');
  }
}
