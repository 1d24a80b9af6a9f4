import { quote } from 'platform/text';

/** The members of a log line about the caller's key. They are written when the key is read, so that calls do not create this text each time. */
export function writeWho(agent: string, key: string | undefined): string {
  const member = `"agent":"${agent}"`;
  return key === undefined ? member : `${member},"key":${quote(key)}`;
}
