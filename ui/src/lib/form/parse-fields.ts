/** Parses tags separated by commas or spaces; lower-cased, without duplicates. */
export function parseTags(input: string): string[] {
  return [
    ...new Set(
      input
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
  ];
}

/** Parses names separated by commas or spaces. */
export function parseNames(input: string): string[] {
  return input.split(/[\s,]+/).filter(Boolean);
}

/** Header rows as an object for the API; rows without a name or without a value are dropped: an empty header is not a credential. */
export function parseHeaders(rows: readonly { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(
    rows
      .map(({ name, value }) => [name.trim(), value] as const)
      .filter(([name, value]) => name !== '' && value.trim() !== ''),
  );
}
