import { createHash } from 'node:crypto';
import { isUuid } from '@clew/service';

/** What a list was read with. */
export type PageFilter = Readonly<Record<string, string | undefined>>;

/** The cursor as callers see it: opaque, and only good for the filter it was made for. */
export function encodeCursor(before: string, filter: PageFilter): string {
  return Buffer.from(`${before} ${digestOf(filter)}`).toString('base64url');
}

/** The id that the page begins after; `undefined` when the text isn't a cursor of this filter. */
export function decodeCursor(text: string, filter: PageFilter): string | undefined {
  const [before = ''] = Buffer.from(text, 'base64url').toString('utf8').split(' ', 1);
  // Encoding again finds whatever was changed, added or made for another filter.
  return isUuid(before) && encodeCursor(before, filter) === text ? before : undefined;
}

function digestOf(filter: PageFilter): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return createHash('sha256').update(JSON.stringify(given.sort())).digest('base64url').slice(0, 12);
}
