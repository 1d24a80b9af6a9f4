const two = (part: number): string => String(part).padStart(2, '0');

/** A time as the value of an `<input type="datetime-local">`, to the minute; '' if there is none. */
export function writeLocalTime(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The time in the value of an `<input type="datetime-local">`; '' if it is empty. */
export function readLocalTime(value: string): string {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
