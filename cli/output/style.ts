import { styleText } from 'node:util';

export type Colour = Extract<Parameters<typeof styleText>[0], string>;

/** Colours a text if `stream` is a terminal that supports it and NO_COLOR is not set (no-color.org). */
export function paint(colour: Colour | null, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return colour === null ? text : styleText(colour, text, { stream });
}

const COLOURS: Record<string, Colour> = {
  healthy: 'green',
  live: 'green',
  allowed: 'green',
  ready: 'green',
  pending: 'yellow',
  degraded: 'yellow',
  auth_required: 'yellow',
  warning: 'yellow',
  unhealthy: 'red',
  rejected: 'red',
  refused: 'red',
  expired: 'red',
  danger: 'red',
  error: 'red',
  disabled: 'gray',
  idle: 'gray',
  unknown: 'gray',
};

/** The colour of a status; null: none. */
export function colourOf(status: string): Colour | null {
  return COLOURS[status] ?? null;
}
