import type { Mutant } from './mutant.js';
import {
  CHILD_SAGA,
  CHILD_WORK,
  CORE_LOCKS,
  DECIDE,
  DECIDE_SILENCE,
  DEFINITIONS,
  ENGINE,
  ENGINE_CONSUMER,
  LOCKS,
  OPERATION,
  OPERATIONS,
  PARENT_AND_CHILD,
  PROPERTIES,
  RECENT_INSTANCES,
  SAGA_CLEANER,
  SAGA_DEADLINE,
  SAGA_PLANS,
} from './specs.js';

const core = 'libs/saga/src/core';

/** What the pure core keeps: most of it is seen by the property tests. */
const CORE: readonly Mutant[] = [
  {
    guard: 'a reply counts only for the command that is awaited',
    file: `${core}/decide.ts`,
    text: `if (!definedStep || !isAwaited(state, command)) return [];
  const { step, direction } = command;`,
    without: `const pending = pendingCommand(state, command.step);
  if (!definedStep || (!pending && !isAwaited(state, command))) return [];
  const { step, direction } = { ...command, ...pending };`,
    noticedBy: [[DECIDE, 'a reply that is not awaited changes nothing'], [PROPERTIES]],
  },
  {
    guard: 'steps in doubt are undone',
    file: `${core}/advance.ts`,
    text: "if (step.status !== 'SUCCEEDED' && step.status !== 'IN_DOUBT') continue;",
    without: "if (step.status !== 'SUCCEEDED') continue;",
    noticedBy: [[DECIDE_SILENCE, 'undoes the silent step'], [PROPERTIES]],
  },
  {
    guard: 'one undo at a time',
    file: `${core}/advance.ts`,
    text: "if (step.status === 'COMPENSATING') return [];",
    without: `const isDue = ({ name: other }) => ['SUCCEEDED', 'IN_DOUBT'].includes(stepState(state, other).status);
    if (step.status === 'COMPENSATING' && !steps.some(isDue)) return [];`,
    noticedBy: [[DECIDE, 'undoes one at a time, in reverse order'], [PROPERTIES]],
  },
  {
    guard: 'undos in reverse order',
    file: `${core}/advance.ts`,
    text: 'stepsOf(definition).reverse()',
    without: 'stepsOf(definition)',
    noticedBy: [[DECIDE, 'undoes one at a time, in reverse order'], [PROPERTIES]],
  },
  {
    guard: 'a deadline names its attempt',
    file: `${core}/decide.ts`,
    text: ' ||\n    pending.attempt !== attempt',
    without: '',
    noticedBy: [[DECIDE_SILENCE, 'changes nothing when it is about an attempt that is over'], [PROPERTIES]],
  },
  {
    guard: "the whole saga's deadline turns nothing back after the pivot",
    file: `${core}/decide.ts`,
    text: 'if (state.failure || isCommitted(definition, state)) return [];',
    without: 'if (state.failure) return [];',
    noticedBy: [[SAGA_DEADLINE, 'changes nothing from the pivot on']],
  },
  {
    guard: "an operator's retry takes the next epoch only after a recorded outcome",
    file: `${core}/operation.ts`,
    text: 'epoch: isAnswered ? epoch + 1 : epoch',
    without: 'epoch: epoch + 1',
    noticedBy: [[OPERATION, 'after silence asks again under the same epoch'], [PROPERTIES]],
  },
  {
    guard: "an operator's retry takes the next epoch after a recorded outcome",
    file: `${core}/operation.ts`,
    text: 'epoch: isAnswered ? epoch + 1 : epoch',
    without: 'epoch',
    noticedBy: [
      [OPERATION, 'after a rejection takes the next epoch'],
      [OPERATIONS, 'by one retry, which takes the next epoch'],
    ],
  },
  {
    guard: 'locks are taken in sorted order',
    file: `${core}/parent-and-child.ts`,
    text: 'return [...keys].sort();',
    without: 'return [...keys];',
    noticedBy: [[CORE_LOCKS, 'asks for its keys one after another in their order'], [PROPERTIES]],
  },
  {
    guard: 'a child whose undo comes first is kept from beginning',
    file: `${core}/parent-and-child.ts`,
    text: 'if (!state) {\n    const failure',
    without: 'if (!state) return [];\n  if (!state) {\n    const failure',
    noticedBy: [
      [PARENT_AND_CHILD, 'that has not begun is kept from it for good'],
      [CHILD_SAGA, 'never begins when its undo comes first'],
    ],
  },
];

/** What the shell keeps, with PostgreSQL. */
const SHELL: readonly Mutant[] = [
  {
    guard: 'compare-and-set on the revision',
    file: 'libs/saga/src/commit-statement.ts',
    text: 'WHERE s.id = ANY ($11::uuid[]) AND s.id = t.id AND s.revision = t.revision',
    without: 'WHERE s.id = t.id',
    noticedBy: [[ENGINE, 'refuses a write on an outdated revision']],
  },
  {
    guard: "commands are in the outbox by the transition's own commit",
    file: 'libs/saga/src/commit-statement.ts',
    text: 'AS t (id, message_id, destination, message) JOIN won USING (id)',
    without: 'AS t (id, message_id, destination, message) JOIN won USING (id) WHERE false',
    noticedBy: [[ENGINE, 'commits instance, history, command and deadline of a start together']],
  },
  {
    guard: 'a lost compare-and-set leaves no command behind',
    file: 'libs/saga/src/commit-statement.ts',
    text: 'AS t (id, message_id, destination, message) JOIN won USING (id)',
    without: 'AS t (id, message_id, destination, message)',
    noticedBy: [[ENGINE, 'refuses a write on an outdated revision']],
  },
  {
    guard: 'commands are published after the commit',
    file: 'libs/saga/src/saga-engine.ts',
    text: `const won = await this.commit(transitions, stale);
    if (won.size > 0) failpoint('orchestrator.committed');
    this.relay.publish([...won.keys()].flatMap((id) => folds.get(id)?.transition?.messages ?? []));`,
    without: `this.relay.publish(transitions.flatMap(({ messages }) => messages));
    const won = await this.commit(transitions, stale);`,
    noticedBy: [[ENGINE, 'lets one of two orchestrators win']],
  },
  {
    guard: 'the orchestrator acks after the commit',
    file: 'libs/saga/src/engine-consumer.ts',
    text: '(error ? this.park(delivery, error) : this.acknowledge(delivery)),\n    });',
    without: '(error ? this.park(delivery, error) : undefined),\n    });\n    this.acknowledge(delivery);',
    noticedBy: [[ENGINE_CONSUMER, 'keeps a message until then']],
  },
  {
    guard: 'that nothing follows is never decided on what this process remembers',
    file: 'libs/saga/src/saga-engine.ts',
    text: 'return folded.transition && folded;',
    without: 'return folded;',
    noticedBy: [[ENGINE, 'takes the answers of sagas that another orchestrator has moved on']],
  },
  {
    guard: 'what is remembered is bounded',
    file: 'libs/saga/src/recent-instances.ts',
    text: 'if (this.characters <= this.mostCharacters) break;',
    without: 'break;',
    noticedBy: [[RECENT_INSTANCES, 'take no more room than they may']],
  },
  {
    guard: 'ids of confirmed rows are given back when a transition fails',
    file: 'libs/saga/src/saga-engine.ts',
    text: 'this.relay.giveBack(published);',
    without: '',
    noticedBy: [[ENGINE, 'gives the ids of confirmed rows back']],
  },
  {
    guard: 'a deadline is claimed by one',
    file: 'libs/saga/src/saga-store.ts',
    text: 'FOR UPDATE SKIP LOCKED',
    without: '',
    noticedBy: [[ENGINE, 'lets claimers neither wait for each other nor take the same deadline']],
  },
  {
    guard: 'a deadline that is claimed is put off',
    file: 'libs/saga/src/saga-store.ts',
    text: 'SET due_at = now() + $2::int',
    without: 'SET due_at = now() + 0 * $2::int',
    noticedBy: [[ENGINE, 'gives a deadline that has passed to one claimer only']],
  },
  {
    guard: 'an instance keeps its definition',
    file: 'libs/saga/src/saga-engine.ts',
    text: 'if (instance && instance.definitionHash !== registered.hash)',
    without: 'if (false)',
    noticedBy: [[DEFINITIONS, 'are not mistaken for another of the same version']],
  },
  {
    guard: 'a changed definition is refused at start-up',
    file: 'libs/saga/src/definition-registry.ts',
    text: 'if (known?.hash === hash) return [];',
    without: 'if (known) return [];',
    noticedBy: [[DEFINITIONS, 'stop start-up when one was changed']],
  },
  {
    guard: 'a lock has one holder',
    file: 'libs/saga/src/lock-store.ts',
    text: 'ON CONFLICT (key) DO NOTHING',
    without: 'ON CONFLICT (key) DO UPDATE SET saga_id = excluded.saga_id',
    noticedBy: [[LOCKS, 'have one holder, although two orchestrators give them away at once']],
  },
  {
    guard: 'what a silent database has in hand is not waited for',
    file: 'libs/saga/src/saga-engine.ts',
    text: 'const inHand = Date.now() - begunAt < patienceMs / 2 ? [] : batch.filter(isLate);',
    without: 'const inHand: Waiting[] = [];',
    noticedBy: [[ENGINE, 'refuses starts while the database is silent']],
  },
  {
    guard: 'nobody waits behind what a silent database has in hand',
    file: 'libs/saga/src/saga-engine.ts',
    text: '...this.batcher.withdraw(isLate)',
    without: '',
    noticedBy: [[ENGINE, 'refuses starts while the database is silent']],
  },
  {
    guard: 'replies and deadlines have time',
    file: 'libs/saga/src/saga-engine.ts',
    text: 'return isUrgent === true && Date',
    without: 'return Date',
    noticedBy: [[ENGINE, 'refuses starts while the database is silent']],
  },
  {
    guard: 'who was refused is not answered again',
    file: 'libs/saga/src/saga-engine.ts',
    text: 'if (!isSettled) work.settle(...outcome);',
    without: 'work.settle(...outcome);',
    noticedBy: [[ENGINE, 'refuses starts while the database is silent']],
  },
  {
    guard: 'an action older than a day is not carried out, a child of its own included',
    file: 'libs/saga/src/child-work.ts',
    text: 'if (isOutlived(delivery, Date.now()))',
    without: 'if (false)',
    noticedBy: [[CHILD_WORK, 'does not start it if it is so old']],
  },
];

/** What may be forgotten, and when. */
const RETENTION: readonly Mutant[] = [
  {
    guard: 'a STUCK or running saga is never deleted',
    file: 'libs/saga/src/saga-cleaner.ts',
    text: "`s.status IN ('COMPLETED', 'COMPENSATED')`,",
    without: '',
    noticedBy: [[SAGA_CLEANER, 'deletes sagas that ended long enough ago']],
  },
  {
    guard: 'a saga is kept as long as was said',
    file: 'libs/saga/src/saga-cleaner.ts',
    text: "s.ended_at < now() - $1::float8 * interval '1 ms'",
    without: "s.ended_at < now() - 0 * $1::float8 * interval '1 ms'",
    noticedBy: [[SAGA_CLEANER, 'deletes sagas that ended long enough ago']],
  },
  {
    guard: 'nothing is deleted while a message has waited for a day',
    file: 'libs/saga/src/saga-cleaner.ts',
    text: "NOT EXISTS (SELECT FROM outbox WHERE created_at < now() - interval '1 day')",
    without: 'true',
    noticedBy: [[SAGA_CLEANER, 'deletes nothing while a message has waited for a day']],
  },
  {
    guard: 'a child is not deleted before its parent',
    file: 'libs/saga/src/saga-cleaner.ts',
    text: '(SELECT p.id FROM saga_instance p WHERE p.id = s.parent_id) IS NULL',
    without: 'true',
    noticedBy: [[SAGA_CLEANER, 'keeps children as long as their parents']],
  },
  {
    guard: 'sagas are deleted and forgotten in one transaction',
    file: 'libs/saga/src/saga-cleaner.ts',
    text: 'await transact(this.options.database, (transaction) => this.deleteBatch(transaction));',
    without: 'await this.deleteBatch(this.options.database);',
    noticedBy: [[SAGA_CLEANER, 'lets every participant forget what it deletes']],
  },
];

/** What no answer would show, only the time that it takes. */
const PLANS: readonly Mutant[] = [
  {
    guard: 'a statement is planned once for batches of any size',
    file: 'libs/outbox/src/any-batch.ts',
    text: String.raw`sql.replace(/\$\d+::(\w+\[\])/g, '(SELECT $&)::$1')`,
    without: 'sql',
    noticedBy: [[SAGA_PLANS, 'are planned once for batches of one']],
  },
  {
    guard: 'a batch is gone through once, not for each of its rows',
    file: 'libs/saga/src/commit-statement.ts',
    text: 'unnest($31::uuid[], $32::text[]))) IS TRUE',
    without: 'unnest($31::uuid[], $32::text[])))',
    noticedBy: [[SAGA_PLANS, 'go through the rows of a batch once']],
  },
];

export const SAGA_MUTANTS: readonly Mutant[] = [...CORE, ...SHELL, ...RETENTION, ...PLANS];
