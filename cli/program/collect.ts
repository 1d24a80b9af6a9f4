/** Collects the values of an option that may be repeated and may have lists separated by commas. */
export function collect(written: string, before: string[] | undefined): string[] {
  return [
    ...(before ?? []),
    ...written
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ];
}

/** Collects the values of an option that may be repeated, each unchanged. */
export function collectWhole(written: string, before: string[] | undefined): string[] {
  return [...(before ?? []), written];
}
