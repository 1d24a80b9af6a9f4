/** What could not be done, in words for the caller: cause and remedy. Never holds a key or a password. */
export class ToolError extends Error {
  readonly remedy: string | undefined;
  /** The registry's word for it (`not_found`, `forbidden` …), where it came from there. */
  readonly code: string | undefined;

  constructor(message: string, remedy?: string, code?: string) {
    super(message);
    this.name = 'ToolError';
    this.remedy = remedy;
    this.code = code;
  }
}

/** A text with a full stop, if it has no end of its own. */
export function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Cause and remedy as one text. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof ToolError))
    return 'mcpgw-server could not do this because of a fault of its own; its log has more.';
  const cause = endSentence(thrown.message.charAt(0).toUpperCase() + thrown.message.slice(1));
  return thrown.remedy === undefined ? cause : `${cause} What to do: ${endSentence(thrown.remedy)}`;
}
