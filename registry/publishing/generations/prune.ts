import { dropGeneration, listGenerationDirs } from './stage.ts';

const KEPT = 20;

/** Deletes the folders of all but the newest generations and those that are `needed` regardless of their age. */
export async function pruneGenerations(dataDir: string, needed: readonly (number | null)[]): Promise<void> {
  const numbers = await listGenerationDirs(dataDir);
  const old = numbers.slice(0, -KEPT).filter((number) => number !== 0 && !needed.includes(number));
  await Promise.all(old.map((number) => dropGeneration(dataDir, number)));
}
