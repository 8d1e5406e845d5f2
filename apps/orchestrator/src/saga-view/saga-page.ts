import type { SagaDefinition, SagaRecord, Sagas } from '@clew/saga';
import { invalid } from '@clew/service';
import { decodeCursor, encodeCursor } from './page-cursor.js';
import type { PageQuery } from './page.query.dto.js';

const DEFAULT_LIMIT = 20;

export interface SagaPage<View> {
  readonly items: View[];
  /** Of the next page; null on the last. */
  readonly nextCursor: string | null;
}

/** A page of the instances of one saga, newest first. @throws 400 when the cursor is of another list */
export async function pageOf<View>(
  sagas: Sagas,
  { name }: SagaDefinition,
  { status, limit: limitText, cursor }: PageQuery,
  present: (record: SagaRecord) => View,
): Promise<SagaPage<View>> {
  const limit = Number(limitText ?? DEFAULT_LIMIT);
  const before = cursor === undefined ? undefined : decodeCursor(cursor, status);
  if (cursor !== undefined && before === undefined) {
    throw invalid([
      { field: 'cursor', message: 'cursor must be the nextCursor of a page with the same status' },
    ]);
  }
  // One more than asked for tells whether there is another page.
  const records = await sagas.list({ name, status, limit: limit + 1, before });
  const page = records.slice(0, limit);
  const last = records.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(present),
    nextCursor: last ? encodeCursor({ before: last.id, status }) : null,
  };
}
