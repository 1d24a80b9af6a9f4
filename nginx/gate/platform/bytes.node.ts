export function byteAt(text: string, at: number): number {
  return text.charCodeAt(at);
}

export function plainEnd(text: string, from: number): number {
  const plain = /[\x20\x21\x23-\x5b\x5d-\x7f]*/y;
  plain.lastIndex = from;
  plain.test(text);
  return plain.lastIndex;
}

export function isSameAt(text: string, at: number, earlier: number, length: number): boolean {
  const part = text.slice(at, at + length);
  return part.length === length && text.startsWith(part, earlier);
}

export function decimalEnd(text: string, from: number): number {
  const decimal = /\d*(?:\.\d+)?/y;
  decimal.lastIndex = from;
  decimal.test(text);
  return decimal.lastIndex;
}
