import { expect, test } from 'vitest';
import { explainCron } from './explain-cron.ts';

test.each(['*/30 * * * * *', '0 */5 * * * *', '0 0 8-18 * * mon-fri', '0,30 1 2 3 jan 7', '0 0 0 1 January *'])(
  'accepts %s',
  (cron) => {
    expect(explainCron(cron)).toBeNull();
  },
);

test.each([
  '',
  '* * * * *',
  '60 * * * * *',
  '*/0 * * * * *',
  'x * * * * *',
  '0 0 0 1 13 *',
  '1-2-3 * * * * *',
  '5x * * * * *',
])('reports the error in "%s"', (cron) => {
  expect(explainCron(cron)).toMatch(/six fields|is not a valid/);
});
