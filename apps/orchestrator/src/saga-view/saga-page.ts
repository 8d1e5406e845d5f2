import type { SagaRecord, Sagas } from '@clew/saga';
import { invalid } from '@clew/service';
import { decodeCursor, encodeCursor } from './page-cursor.js';
import type { PageQuery } from './page.query.dto.js';

const DEFAULT_LIMIT = 20;

export interface SagaPage<View> {
  readonly items: View[];
  /** Of the next page; null on the last. */
  readonly nextCursor: string | null;
}

/** Which page, and what else the list is filtered by. */
export interface PageRequest extends PageQuery {
  /** About whom or what. */
  readonly subject?: string | undefined;
  /** In seconds. */
  readonly slowerThan?: string | undefined;
  /** Whose. */
  readonly owner?: string | undefined;
}

/** A page of sagas, of one definition or of all, newest first. @throws 400 when the cursor is of another list */
export async function pageOf<View>(
  sagas: Sagas,
  name: string | undefined,
  { limit: limitText, cursor, ...filter }: PageRequest,
  present: (record: SagaRecord) => View,
): Promise<SagaPage<View>> {
  const limit = Number(limitText ?? DEFAULT_LIMIT);
  const bound = { name, ...filter };
  const before = cursor === undefined ? undefined : decodeCursor(cursor, bound);
  if (cursor !== undefined && before === undefined) {
    throw invalid([
      { field: 'cursor', message: 'cursor must be the nextCursor of a page with the same filter' },
    ]);
  }
  // One more than asked for tells whether there is another page.
  const { createdFrom, createdBefore, slowerThan, ...rest } = filter;
  const records = await sagas.list({
    ...rest,
    name,
    ...(createdFrom && { createdFrom: new Date(createdFrom) }),
    ...(createdBefore && { createdBefore: new Date(createdBefore) }),
    ...(slowerThan && { openForMs: 1_000 * Number(slowerThan) }),
    limit: limit + 1,
    before,
  });
  const page = records.slice(0, limit);
  const last = records.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(present),
    nextCursor: last ? encodeCursor(last.id, bound) : null,
  };
}
