import { ApiError } from '../../lib/api/api-error.ts';

/** The submission of a form: whether it is in progress, and its error. */
export class Submission {
  busy = $state(false);
  error = $state.raw<unknown>(null);

  /** The validation error of one field. */
  readonly fieldError = (name: string): string | undefined =>
    this.error instanceof ApiError ? this.error.field(name) : undefined;

  /** For `oninput`: an edit invalidates the error. */
  readonly clearError = (): void => void (this.error = null);

  /** Runs the submission; what it throws becomes `error`. Never rejects. */
  async run(submit: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.error = null;
    try {
      await submit();
    } catch (thrown) {
      this.error = thrown;
    } finally {
      this.busy = false;
    }
  }
}
