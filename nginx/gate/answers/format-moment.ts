const DAY_S = 86_400;

function pad(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

/** A point in time as ISO 8601 in UTC, rounded up to the second. Days to dates as in Howard Hinnant's civil_from_days, from 1970 on. */
export function formatMoment(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const days = Math.floor(seconds / DAY_S);
  const rest = seconds - days * DAY_S;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  // Counted from March.
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const [hour, minute] = [Math.floor(rest / 3_600), Math.floor((rest % 3_600) / 60)];
  return `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(rest % 60)}Z`;
}
