import { z } from 'zod';

const tailState = z.object({
  places: z.array(z.tuple([z.string(), z.object({ offset: z.int(), skipping: z.boolean() })])),
  brokenLines: z.int(),
});

/** How far calls.log was read: by the first line of each file, and how many lines could not be parsed since counting began. */
export type TailState = z.infer<typeof tailState>;

/** The stored text of a state. */
export function writeTailState(state: TailState): string {
  return JSON.stringify(state);
}

/** The state of a stored text; absent: nothing was read yet. Throws ZodError when the text is not a state. */
export function readTailState(text: string | undefined): TailState {
  return text === undefined ? { places: [], brokenLines: 0 } : tailState.parse(JSON.parse(text));
}
