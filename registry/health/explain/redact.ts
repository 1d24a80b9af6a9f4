import { isControl, isInvisible } from '../../contract/index.ts';

const MIN_SECRET = 4;

/** Replaces each of `secrets` in a text by "(secret)". */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= MIN_SECRET) clean = clean.replaceAll(secret, '(secret)');
  return clean;
}

/** Text from a backend, to be shown: one line, at most `max` characters, without invisible characters or secrets. */
export function quoteForeign(text: string, max: number, secrets: readonly string[] = []): string {
  const visible = Array.from(redact(text, secrets), (character) =>
    isInvisible(character) || isControl(character) ? ' ' : character,
  );
  const line = visible.join('').replace(/\s+/g, ' ').trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

/** Every form in which a credential or query may be echoed: whole values, and the parts after a scheme such as "Bearer". */
export function listSecrets(headers: Record<string, string>, query: string): string[] {
  const values = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]);
  const parts = query === '' ? [] : [query, ...new URLSearchParams(query).values()];
  return [...new Set([...values, ...parts])]
    .filter(
      (value) => value.length >= MIN_SECRET && value.toLowerCase() !== 'bearer' && value.toLowerCase() !== 'basic',
    )
    .sort((a, b) => b.length - a.length);
}
