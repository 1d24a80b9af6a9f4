/** An error for the caller: cause and what to do next. Never contains a key or a password. */
export class ToolError extends Error {
  readonly hint: string | undefined;
  /** The error code of the registry (`not_found`, `forbidden` …), if it came from there. */
  readonly code: string | undefined;

  constructor(message: string, hint?: string, code?: string) {
    super(message);
    this.name = 'ToolError';
    this.hint = hint;
    this.code = code;
  }
}

/** Appends a full stop, unless the text ends with punctuation. */
export function endSentence(text: string): string {
  return /[.!?\u2026]$/.test(text) ? text : `${text}.`;
}

/** Cause and hint as one text; other errors are internal and only logged. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof ToolError)) return 'Internal error of mcpgw-server. See its log for details.';
  const cause = endSentence(thrown.message.charAt(0).toUpperCase() + thrown.message.slice(1));
  return thrown.hint === undefined ? cause : `${cause} What to do: ${endSentence(thrown.hint)}`;
}
