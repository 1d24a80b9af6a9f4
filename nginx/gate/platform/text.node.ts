export function quote(text: string): string {
  return JSON.stringify(text);
}

export function lastIndexOf(text: string, part: string): number {
  return text.lastIndexOf(part);
}
