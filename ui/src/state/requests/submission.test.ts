import { describe, expect, it } from 'vitest';
import { ApiError } from '../../lib/api/api-error.ts';
import { Submission } from './submission.svelte.ts';

const refused = new ApiError({
  type: '/docs#problem-invalid',
  title: 'Not right',
  status: 422,
  detail: 'path: taken',
  errors: [{ field: 'path', message: 'taken' }],
});

describe('Submission', () => {
  it('is busy while it works, and free again however that ends', async () => {
    const sending = new Submission();
    const seen: boolean[] = [];
    await sending.run(() => Promise.resolve(void seen.push(sending.busy)));
    await sending.run(() => {
      seen.push(sending.busy);
      return Promise.reject(refused);
    });
    expect(seen).toEqual([true, true]);
    expect(sending.busy).toBe(false);
  });

  it('tells what is wrong with which field until something is typed or sent again', async () => {
    const sending = new Submission();
    await sending.run(() => Promise.reject(refused));
    expect(sending.failure).toBe(refused);
    expect([sending.field('path'), sending.field('name')]).toEqual(['taken', undefined]);
    sending.forget();
    expect([sending.failure, sending.field('path')]).toEqual([null, undefined]);

    await sending.run(() => Promise.reject(new Error('the wire was cut')));
    expect(sending.field('path')).toBeUndefined();
    expect(sending.failure).toMatchObject({ message: 'the wire was cut' });
    await sending.run(() => Promise.resolve());
    expect(sending.failure).toBeNull();
  });
});
