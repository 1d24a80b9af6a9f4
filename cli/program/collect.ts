/** Collects an option that may be given several times, and lists separated by commas. */
export function collect(written: string, before: string[] | undefined): string[] {
  return [
    ...(before ?? []),
    ...written
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ];
}

/** Collects an option that may be given several times, each as it is. */
export function collectWhole(written: string, before: string[] | undefined): string[] {
  return [...(before ?? []), written];
}
