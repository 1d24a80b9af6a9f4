const two = (part: number): string => String(part).padStart(2, '0');

/** A moment as an input of local time shows it, to the minute; '' where there is none. */
export function writeLocalTime(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The moment that an input of local time means; '' where it is empty. */
export function readLocalTime(written: string): string {
  const at = new Date(written);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
