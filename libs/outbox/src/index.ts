/**
 * Transactional outbox: messages are committed together with the change they tell of, and published afterwards.
 *
 * For: inserting messages in a Prisma transaction, and the relay that gets them to the broker. Knows no broker: a publisher
 * with confirms is handed in. Needs the table `outbox` (see the Prisma schemas).
 *
 * Guarantees: what was committed is published at least once, whatever crashes, as long as some relay runs; no lock is held
 * while publishing; any number of relays may share a table.
 *
 * Not guaranteed: order, and exactly one publication. Consumers drop duplicates by message id.
 */
export { forAnyBatch } from './any-batch.js';
export { answeringInTime } from './answering-in-time.js';
export { direct } from './direct-adapter.js';
export { directly } from './direct-statements.js';
export type { MessagePublisher } from './message-publisher.js';
export { outboxMessage, type OutboxMessage } from './outbox-message.js';
export { insertOutbox, outboxColumns } from './outbox-rows.js';
export { Relay, type RelayLogger, type RelayOptions } from './relay.js';
export type { SqlDatabase, SqlExecutor, TransactionOptions } from './sql-database.js';
export { jsonArray, sqlArray } from './sql-values.js';
export { statementsOf, type Statements } from './statements-of.js';
export { transact } from './transact.js';
export { DatabaseFault, isTransient, sqlState } from './transient.js';
