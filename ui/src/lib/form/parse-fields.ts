/** Tags as typed, separated by commas or spaces: lower case, each once. */
export function readTags(typed: string): string[] {
  return [
    ...new Set(
      typed
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
  ];
}

/** Header rows as the API takes them; rows without a name are dropped. */
export function readHeaders(rows: readonly { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(
    rows.map(({ name, value }) => [name.trim(), value] as const).filter(([name]) => name !== ''),
  );
}
