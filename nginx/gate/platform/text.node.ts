export function quote(text: string): string {
  return JSON.stringify(text);
}

export function writeNumber(text: string): string {
  return (Number(text) + 0).toExponential(16);
}

export function lastIndexOf(text: string, part: string): number {
  return text.lastIndexOf(part);
}
