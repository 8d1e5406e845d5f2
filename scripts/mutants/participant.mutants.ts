import type { Mutant } from './mutant.js';
import {
  COMMAND_TRANSACTION,
  DIRECT_STATEMENTS,
  PRISMA_OPTIONS,
  FENCE,
  FENCE_CLEANER,
  FENCE_VERDICT,
  HOTELS_BOTH_KINDS,
  MALFORMED,
  RELAY,
  SHUTDOWN,
} from './specs.js';

const FENCE_GUARDS: readonly Mutant[] = [
  {
    guard: "the fence's own key",
    file: 'libs/participant/src/command-transaction.ts',
    text: '[{ ...ownKey(envelope), tombstone: false }, ...(action',
    without: '[...(action',
    noticedBy: [[FENCE, 'answers a duplicate with the stored reply']],
  },
  {
    guard: 'stored reply',
    file: 'libs/participant/src/fence-verdict.ts',
    text: "  }\n  return { kind: 'answer', answer: storedAnswer(own), record: false };",
    without: "  }\n  return { kind: 'run' };",
    noticedBy: [
      [FENCE_VERDICT, 'is answered as before'],
      [FENCE, 'answers a duplicate with the stored reply'],
    ],
  },
  {
    guard: 'stored reply of an undo',
    file: 'libs/participant/src/fence-verdict.ts',
    text: 'if (own !== undefined) return',
    without: 'if (false) return',
    noticedBy: [
      [FENCE_VERDICT, 'is answered as before'],
      [FENCE, 'undoes what was done, once'],
    ],
  },
  {
    guard: 'the tombstone is laid',
    file: 'libs/participant/src/command-transaction.ts',
    text: 'const inserted = await insertFence(transaction, keys);',
    without: `const inserted = await insertFence(transaction, keys);
  await transaction.$executeRawUnsafe("DELETE FROM fence WHERE outcome = 'tombstone'");`,
    noticedBy: [[FENCE, 'has nothing to undo if the cancel comes first']],
  },
  {
    guard: 'the tombstone refuses its action',
    file: 'libs/participant/src/fence-verdict.ts',
    text: "if (own.outcome === 'tombstone') {",
    without: "if (own.outcome === 'tombstone') return { kind: 'run' };\n  if (false) {",
    noticedBy: [
      [FENCE_VERDICT, 'is refused, and leaves the tombstone alone'],
      [FENCE, 'has nothing to undo if the cancel comes first'],
    ],
  },
  {
    guard: 'what a rejecting handler wrote is rolled back',
    file: 'libs/participant/src/command-transaction.ts',
    text: "await transaction.$executeRawUnsafe('ROLLBACK TO SAVEPOINT handler');",
    without: '',
    noticedBy: [[FENCE, 'rolls back what a rejecting handler wrote']],
  },
  {
    guard: 'a command id fits its saga, step, direction and epoch',
    file: 'libs/envelope/src/command-envelope.ts',
    text: 'if (commandId !== `${sagaId}/${step}/${direction}/${epoch}`) {',
    without: 'if (false) {',
    noticedBy: [[MALFORMED, "parks one with another command's id"]],
  },
  {
    guard: 'ack after the commit',
    file: 'libs/participant/src/command-processor.ts',
    text: 'this.#settle(commands, await this.#options.transaction.run(commands));',
    without: `this.#settle(commands, new Map());
        await this.#options.transaction.run(commands);`,
    noticedBy: [[SHUTDOWN, "doesn't wait for a command that meets a transient fault"]],
  },
  {
    guard: 'a fence row is never deleted for its age',
    file: 'libs/participant/src/fence-rows.ts',
    text: 'DELETE FROM fence WHERE saga_id = ANY($1::uuid[])',
    without:
      'DELETE FROM fence WHERE saga_id = ANY($1::uuid[]) OR created_at < now() - make_interval(days => 30)',
    noticedBy: [[FENCE_CLEANER, 'forgets none for its age']],
  },
  {
    guard: 'an action older than a day is not carried out',
    file: 'libs/participant/src/command-processor.ts',
    text: 'else if (!commands.some((command) => this.#parkIfOutlived(command))) {',
    without: 'else {',
    noticedBy: [[FENCE_CLEANER, 'parks an action that is redriven when nobody knows its tombstone any more']],
  },
];

const OUTBOX: readonly Mutant[] = [
  {
    guard: "replies are in the outbox by the handler's own commit",
    file: 'libs/participant/src/command-transaction.ts',
    text: 'await recordResults(\n      transaction,',
    without: 'await recordResults(\n      this.#options.database,',
    noticedBy: [[COMMAND_TRANSACTION, 'leaves no reply behind when the commit fails']],
  },
  {
    guard: 'replies are published after the commit',
    file: 'libs/participant/src/command-transaction.ts',
    text: `failpoint('participant.before-commit');
    return outcome;`,
    without: `this.#options.relay.publish(outcome.replies);
    return { ...outcome, replies: [] };`,
    noticedBy: [[COMMAND_TRANSACTION, 'leaves no reply behind when the commit fails']],
  },
  {
    guard: 'ids of confirmed rows are given back when a batch fails',
    file: 'libs/participant/src/command-transaction.ts',
    text: 'relay.giveBack(confirmed);',
    without: '',
    noticedBy: [[COMMAND_TRANSACTION, 'gives the ids of confirmed rows back when it fails']],
  },
  {
    guard: 'ids of confirmed rows are given back when their deletion fails',
    file: 'libs/outbox/src/relay.ts',
    text: 'this.giveBack(ids);',
    without: '',
    noticedBy: [[RELAY, 'deletes afterwards what was confirmed meanwhile']],
  },
  {
    guard: 'a row is deleted only after the confirm',
    file: 'libs/outbox/src/relay.ts',
    text: 'this.giveBack(confirmed.map(({ id }) => id));\n      }',
    without: '}\n      this.giveBack(messages.map(({ id }) => id));',
    noticedBy: [[RELAY, 'gives up its lease on what failed']],
  },
  {
    guard: 'the sweep of the outbox',
    file: 'libs/outbox/src/relay.ts',
    text: 'const page = await claimOutbox(database, pageSize, leaseMs);',
    without: 'const page: OutboxMessage[] = [];',
    noticedBy: [[RELAY, 'sweeps what a crash left over']],
  },
  {
    guard: 'a message under a lease is left to its relay',
    file: 'libs/outbox/src/outbox-rows.ts',
    text: 'WHERE lease_until <= now() ORDER BY id',
    without: 'ORDER BY id',
    noticedBy: [[RELAY, "doesn't take what another relay has a lease on"]],
  },
  {
    guard: 'a message is claimed by one relay',
    file: 'libs/outbox/src/outbox-rows.ts',
    text: 'FOR UPDATE SKIP LOCKED\n',
    without: '\n',
    noticedBy: [[RELAY, 'claims what no other relay is claiming, and does not wait for that one']],
  },
];

/** What a batch handler of an app sees to by itself. */
const BATCH_HANDLERS: readonly Mutant[] = [
  {
    guard: 'what is given back is locked in the order in which it is taken',
    file: 'apps/hotels/src/reservations/cancel-hotel.handler.ts',
    text: 'await lockNights(freed, transaction);',
    without: '',
    noticedBy: [[HOTELS_BOTH_KINDS, 'never wait in a circle with those of another process']],
  },
];

/** What is said past Prisma's client, in the transactions that the client begins and ends. */
const PAST_THE_CLIENT: readonly Mutant[] = [
  {
    guard: 'nothing is said in a transaction that is over',
    file: 'libs/outbox/src/direct-statements.ts',
    text: 'if (direct.isOver) throw',
    without: 'if (false) throw',
    noticedBy: [[DIRECT_STATEMENTS, 'are refused once the client']],
  },
  {
    guard: 'a transaction has the isolation that it asks for',
    file: 'libs/outbox/src/direct-adapter.ts',
    text: 'isolationLevel === this.options.defaultIsolation ? undefined : isolationLevel',
    without: 'isolationLevel && undefined',
    noticedBy: [[PRISMA_OPTIONS, 'has those isolated more that ask for it']],
  },
  {
    guard: 'it is over with the statement that ends it',
    file: 'libs/outbox/src/direct-adapter.ts',
    text: 'if (/^(COMMIT|ROLLBACK)$/i.test(query.sql)) this.isOver = true;',
    without: '',
    noticedBy: [[DIRECT_STATEMENTS, 'by which the client ends what took too long']],
  },
  {
    guard: 'the statements of one client never go to another',
    file: 'libs/outbox/src/direct-statements.ts',
    text: 'if (text === sql) known',
    without: 'if (true) known',
    noticedBy: [[DIRECT_STATEMENTS, 'are never run by another client']],
  },
  {
    guard: 'what a statement was given lives no longer than the statement',
    file: 'libs/outbox/src/direct-adapter.ts',
    text: 'copy.args = [];',
    without: '',
    noticedBy: [[DIRECT_STATEMENTS, 'leave no values with an adapter']],
  },
];

export const PARTICIPANT_MUTANTS: readonly Mutant[] = [
  ...FENCE_GUARDS,
  ...OUTBOX,
  ...PAST_THE_CLIENT,
  ...BATCH_HANDLERS,
];
