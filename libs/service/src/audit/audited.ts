import type { SqlExecutor } from '@clew/outbox';
import type { Books } from './books.js';

export const AUDITED = Symbol('AUDITED');

/** The books of a service, and where they are kept. */
export interface Audited {
  /** `flights`: its migrations are in `prisma/flights`. */
  readonly service: string;
  readonly books: Books;
  readonly database: Pick<SqlExecutor, '$queryRawUnsafe'>;
}
