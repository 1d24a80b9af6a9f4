/** A start that cannot continue, with the cause and the remedy in one sentence. Ends the process with exit code 1. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }
}

/** Runs `main` and reports what it throws on stderr and as an exit code; known errors without a stack. */
export async function runOrExit(main: () => Promise<void> | void): Promise<void> {
  try {
    await main();
  } catch (thrown) {
    const hint =
      thrown instanceof Error && 'hint' in thrown && typeof thrown.hint === 'string' ? `\n  ${thrown.hint}` : '';
    const known = thrown instanceof StartError || hint !== '';
    console.error(
      `mcpgw: ${thrown instanceof Error ? (known ? thrown.message : (thrown.stack ?? '')) : String(thrown)}${hint}`,
    );
    process.exit(1);
  }
}
