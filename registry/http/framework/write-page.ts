import type { Page } from '../../contract/index.ts';

const written = new WeakMap<object, Buffer>();
const COMMA = Buffer.from(',');

function writeItem(item: object): Buffer {
  let bytes = written.get(item);
  if (bytes === undefined) {
    bytes = Buffer.from(JSON.stringify(item));
    written.set(item, bytes);
  }
  return bytes;
}

let last: { page: Page<object>; bytes: Buffer } | undefined;

function isSame(one: Page<object>, other: Page<object>): boolean {
  return (
    one.nextCursor === other.nextCursor &&
    one.items.length === other.items.length &&
    one.items.every((item, at) => item === other.items[at])
  );
}

/**
 * A page as JSON. The text of items and of the last page is memoized, so this is for items that never change, as the views of
 * the catalogue: writing 1,000 of them takes longer than sending them, and one character beyond Latin-1 in any makes all the text slow.
 */
export function writePage(page: Page<object>): Buffer {
  if (last !== undefined && isSame(last.page, page)) return last.bytes;
  const pieces = page.items.flatMap((item, at) => (at === 0 ? [writeItem(item)] : [COMMA, writeItem(item)]));
  const next = page.nextCursor === undefined ? '' : `,"nextCursor":${JSON.stringify(page.nextCursor)}`;
  const bytes = Buffer.concat([Buffer.from('{"items":['), ...pieces, Buffer.from(`]${next}}`)]);
  last = { page, bytes };
  return bytes;
}
