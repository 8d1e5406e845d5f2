import { isUuid } from '@clew/service';

/** Where a page of sagas ends, and which filter it was read with. */
export interface PageCursor {
  readonly before: string;
  readonly status?: string | undefined;
}

/** The cursor as callers see it: opaque, and only good for the filter it was made for. */
export function encodeCursor({ before, status }: PageCursor): string {
  return Buffer.from(`${before} ${status ?? ''}`).toString('base64url');
}

/** The id that the page begins after; `undefined` when the text isn't a cursor of this filter. */
export function decodeCursor(text: string, status: string | undefined): string | undefined {
  const [before = ''] = Buffer.from(text, 'base64url').toString('utf8').split(' ', 1);
  // Encoding again finds whatever was changed, added or made for another filter.
  return isUuid(before) && encodeCursor({ before, status }) === text ? before : undefined;
}
