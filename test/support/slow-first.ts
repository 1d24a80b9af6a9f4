import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute or more. If one starts last, the other cores are idle for that time; vitest knows the durations of files only after a run. */
const SLOW =
  /test\/(integration\/(faults|start|cli|docs|readme|conformance|real-servers|supervision)\/|integration\/health\/probe\/leftovers|e2e\/(accessible|proxied|register|servers)\.)/;

/** Starts slow files before all others. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => SLOW.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
