import { InvalidArgumentError } from 'commander';

/** A count from the command line. Throws InvalidArgumentError, which commander reports. */
export function readCount(written: string): number {
  const count = Number(written);
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw new InvalidArgumentError('It must be a number from 1 to 100000.');
  return count;
}
