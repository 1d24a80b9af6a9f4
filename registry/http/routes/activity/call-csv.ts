import { callView, type CallView } from '../../../contract/index.ts';

/** Columns of the CSV export. */
export const CALL_COLUMNS = Object.keys(callView.shape) as (keyof CallView)[];

/**
 * A field of RFC 4180. A text that a spreadsheet would interpret as a formula gets a leading apostrophe, since agents choose tool names
 * (owasp.org, CSV Injection).
 */
function toField(value: CallView[keyof CallView]): string {
  if (value === null) return '';
  const text = Array.isArray(value) ? value.join(' ') : String(value);
  const safe = typeof value !== 'number' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of the CSV export, with its line break. */
export function toCsvRow(call: CallView): string {
  return `${CALL_COLUMNS.map((column) => toField(call[column])).join(',')}\r\n`;
}
