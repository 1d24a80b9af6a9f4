import type { Page } from '../../contract/index.ts';

const COMMA = Buffer.from(',');

/** A page as JSON, of items that are written by `toJson`. */
export function writePage<Item>(page: Page<Item>, toJson: (item: Item) => Buffer): Buffer {
  const pieces = page.items.flatMap((item, at) => (at === 0 ? [toJson(item)] : [COMMA, toJson(item)]));
  const next = page.nextCursor === undefined ? '' : `,"nextCursor":${JSON.stringify(page.nextCursor)}`;
  return Buffer.concat([Buffer.from('{"items":['), ...pieces, Buffer.from(`]${next}}`)]);
}
