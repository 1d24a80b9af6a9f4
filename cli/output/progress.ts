const FRAME_MS = 1_000;

/** Runs what may take long. On a terminal stderr says what is done and for how long; elsewhere one line is written when it takes more than a second. */
export async function withProgress<Result>(what: string, run: () => Promise<Result>): Promise<Result> {
  const begun = Date.now();
  const { stderr } = process;
  const said = { once: false };
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - begun) / 1_000);
    if (stderr.isTTY) stderr.write(`\r${what} … ${seconds} s `);
    else if (!said.once) stderr.write(`${what} …\n`);
    said.once = true;
  }, FRAME_MS);
  try {
    return await run();
  } finally {
    clearInterval(timer);
    if (said.once && stderr.isTTY) stderr.write('\r\u001b[K');
  }
}
