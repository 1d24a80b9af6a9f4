import { quote } from 'platform/text';

/** What a line says of the key that calls. It is written when the key is read, so that a call makes no text of its own for each. */
export function writeWho(agent: string, key: string | undefined): string {
  const said = `"agent":"${agent}"`;
  return key === undefined ? said : `${said},"key":${quote(key)}`;
}
