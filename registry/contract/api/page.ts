import { z } from 'zod';

/** Query of every list: how many, and where the last page ended. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(500).optional(),
});

/** A page of `item`s; `nextCursor` is absent on the last one, and URL-safe. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}
export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}
