import { describe, expect, it } from 'vitest';
import {
  describePeriod,
  fullTime,
  momentAgo,
  pluralize,
  formatCount,
  formatDuration,
  formatMs,
  formatShare,
  timeAgo,
  toSentence,
} from './format.ts';

describe('format', () => {
  it('formats relative times', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(timeAgo('2026-11-21T11:59:58Z', now)).toBe('just now');
    expect(timeAgo('2026-11-21T11:59:30Z', now)).toBe('30s ago');
    expect(timeAgo('2026-11-21T11:57:00Z', now)).toBe('3m ago');
    expect(timeAgo('2026-11-20T11:00:00Z', now)).toBe('1d ago');
    expect(timeAgo(null, now)).toBe('never');
  });
  it('formats periods that are open at either end', () => {
    const [from, to] = ['2026-11-21T11:00:00Z', '2026-11-21T12:00:00Z'];
    expect(describePeriod(from, to)).toBe(`${fullTime(from)} to ${fullTime(to)}`);
    expect(describePeriod(from, null)).toBe(`${fullTime(from)} and later`);
    expect(describePeriod(null, to)).toBe(`until ${fullTime(to)}`);
  });
  it('formats times so that they can be compared with other records', () => {
    const now = new Date(2026, 10, 21, 12, 0, 0).getTime();
    expect(momentAgo(new Date(2026, 10, 21, 11, 57, 5).toISOString(), now)).toBe('11:57:05, 3m ago');
    expect(momentAgo(new Date(2026, 10, 19, 11, 40, 0).toISOString(), now)).toBe('19 Nov, 11:40, 2d ago');
    expect(momentAgo(null, now)).toBe('never');
  });
  it('formats milliseconds, counts and durations with units', () => {
    expect(formatMs(3.14159)).toBe('3.1 ms');
    expect(formatMs(812.4)).toBe('812 ms');
    expect(formatMs(1234)).toBe('1.2 s');
    expect(formatMs(null)).toBe('–');
    expect([null, 0, 0.0004, 0.034, 0.5].map(formatShare)).toEqual(['–', '0 %', '<0.1 %', '3.4 %', '50 %']);
    expect(formatCount(9999)).toBe('9,999');
    expect(formatCount(12_345)).toBe('12.3K');
    expect(pluralize(1, 'tool')).toBe('1 tool');
    expect(pluralize(0, 'tool')).toBe('0 tools');
    expect(formatDuration(86_400_000)).toBe('24 h');
    expect(formatDuration(90_000)).toBe('90 s');
    expect(formatDuration(1500)).toBe('1500 ms');
  });
  it('capitalizes sentences, but not URLs and file names', () => {
    expect(toSentence('the server is down')).toBe('The server is down');
    expect(toSentence('http://x refused')).toBe('http://x refused');
    expect(toSentence('nginx.conf is broken')).toBe('nginx.conf is broken');
  });
});
