import { ApiError } from '../../lib/api/api-error.ts';

/** What a form sends: whether it is on its way, and what was wrong with it. */
export class Submission {
  busy = $state(false);
  failure = $state.raw<unknown>(null);

  /** What is wrong with one field, for the field to say. */
  readonly field = (name: string): string | undefined =>
    this.failure instanceof ApiError ? this.failure.field(name) : undefined;

  /** For `oninput`: what was wrong belongs to what stood there before. */
  readonly forget = (): void => void (this.failure = null);

  /** Does the work of a form; what it throws is the failure. Never rejects. */
  async run(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.failure = null;
    try {
      await work();
    } catch (error) {
      this.failure = error;
    } finally {
      this.busy = false;
    }
  }
}
