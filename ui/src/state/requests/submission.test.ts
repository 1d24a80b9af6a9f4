import { describe, expect, it } from 'vitest';
import { ApiError } from '../../lib/api/api-error.ts';
import { Submission } from './submission.svelte.ts';

const refused = new ApiError({
  type: '/docs#problem-invalid',
  title: 'Invalid',
  status: 422,
  detail: 'path: taken',
  errors: [{ field: 'path', message: 'taken' }],
});

describe('Submission', () => {
  it('is busy while it runs, whether it succeeds or fails', async () => {
    const submission = new Submission();
    const seen: boolean[] = [];
    await submission.run(() => Promise.resolve(void seen.push(submission.busy)));
    await submission.run(() => {
      seen.push(submission.busy);
      return Promise.reject(refused);
    });
    expect(seen).toEqual([true, true]);
    expect(submission.busy).toBe(false);
  });

  it('returns field errors until the form is edited or submitted again', async () => {
    const submission = new Submission();
    await submission.run(() => Promise.reject(refused));
    expect(submission.error).toBe(refused);
    expect([submission.fieldError('path'), submission.fieldError('name')]).toEqual(['taken', undefined]);
    submission.clearError();
    expect([submission.error, submission.fieldError('path')]).toEqual([null, undefined]);

    await submission.run(() => Promise.reject(new Error('connection lost')));
    expect(submission.fieldError('path')).toBeUndefined();
    expect(submission.error).toMatchObject({ message: 'connection lost' });
    await submission.run(() => Promise.resolve());
    expect(submission.error).toBeNull();
  });
});
