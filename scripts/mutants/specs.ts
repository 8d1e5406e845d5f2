import type { Spec } from './mutant.js';

const int = (file: string, works: string): Spec => ({ file: `${file}.int.spec.ts`, works });
const e2e = (file: string, works: string): Spec => ({ file: `${file}.e2e.spec.ts`, works });
const unit = (file: string): Spec => ({ file: `${file}.unit.spec.ts` });

export const DECIDE = unit('libs/saga/src/core/decide');
export const DECIDE_SILENCE = unit('libs/saga/src/core/decide-silence');
export const OPERATION = unit('libs/saga/src/core/operation');
export const CORE_LOCKS = unit('libs/saga/src/core/locks');
export const SAGA_DEADLINE = unit('libs/saga/src/core/saga-deadline');
export const PARENT_AND_CHILD = unit('libs/saga/src/core/parent-and-child');
/** The promises of a saga over random histories; a failure comes with the shortest one that shows it. */
export const PROPERTIES = unit('libs/testing/src/sagas/simulation/saga-properties');
export const COORDINATIONS = unit('libs/testing/src/sagas/simulation/coordinations');
export const SENDERS = unit('libs/saga/src/senders');
export const RECENT_INSTANCES = unit('libs/saga/src/recent-instances');
export const CHILD_WORK = unit('libs/saga/src/child-work');
export const FENCE_VERDICT = unit('libs/participant/src/fence-verdict');

export const CHOREOGRAPHY = unit('libs/saga/src/core/choreography/choreography');
export const JOURNAL = unit('libs/saga/src/journal');
export const ONLOOKER = unit('libs/saga/src/onlooker');
export const CHOREOGRAPHED_SAGAS = unit('libs/participant/src/choreographed-sagas');
export const HAND_OVER = unit('libs/rabbitmq/src/hand-over');
export const SHARED_DELIVERIES = unit('libs/participant/src/shared-deliveries');

export const ENGINE = int('libs/saga/src/saga-engine', 'goes to the end and leaves no deadline');
export const ENGINE_CONSUMER = int(
  'libs/saga/src/engine-consumer',
  'is rid of a message when the transition that it caused is committed',
);
export const CHILD_SAGA = int(
  'libs/saga/src/child-saga',
  'is started with its own input, waited for, and its results are read by later steps',
);
export const DEFINITIONS = int('libs/saga/src/definitions', 'stop start-up when one is missing');
export const LOCKS = int(
  'libs/saga/src/locks',
  'let the second saga wait before its first step, visibly, until the first has ended',
);
export const OPERATIONS = int('libs/saga/src/operations', 'leave in the history who did what, and why');
export const SAGA_CLEANER = int(
  'libs/saga/src/saga-cleaner',
  'deletes the oldest first, so many with a statement and no more',
);
export const SAGA_PLANS = int(
  'libs/saga/src/plans',
  'read none as a whole to load instances or claim deadlines',
);

export const FENCE = int(
  'libs/participant/src/fence',
  'handles a command, answers it, and leaves nothing in queue or outbox',
);
export const HOTELS_BOTH_KINDS = int(
  'apps/hotels/src/reservations/both-kinds',
  'answer, take and give back what handlers of one command do',
);
export const FENCE_CLEANER = int(
  'libs/participant/src/fence-cleaner',
  'parks what it cannot read, with the reason, and forgets nothing',
);
export const COMMAND_TRANSACTION = int(
  'libs/participant/src/command-transaction',
  'deletes the rows that are confirmed, and publishes what it inserted',
);
export const MALFORMED = int('libs/participant/src/malformed', 'parks one with an unknown type and goes on');
export const SHUTDOWN = int(
  'libs/participant/src/shutdown',
  'is ready while it takes commands, and not afterwards',
);

export const RELAY = int(
  'libs/outbox/src/relay',
  'hands over the ids of confirmed rows, once, and takes them back',
);

export const BROKER_CONFORMANCE = int(
  'libs/rabbitmq/src/conformance',
  'keeps what it has confirmed until somebody comes to receive it',
);
export const SENDER = int('libs/rabbitmq/src/sender', 'can not be another than the one who is logged in');
export const DEAD_LETTERS = int('libs/rabbitmq/src/dead-letters', 'are not waited for where nothing answers');

export const OPENINGS = int('libs/saga/src/openings', 'is free again once its saga is deleted');
export const ADMISSION = int('libs/saga/src/admission', 'do not while the broker takes nothing');
export const DIRECT_STATEMENTS = int(
  'libs/outbox/src/direct-statements',
  'give the values that the client gives',
);
export const ANSWERING_IN_TIME = int('libs/outbox/src/answering-in-time', 'answers as it would');
export const HISTORY_WATCH = unit('libs/saga/src/history-watch');
export const OWN_INSTANCE = unit('apps/orchestrator/src/saga-view/own-instance');
export const QUEUE_STATES = int(
  'apps/orchestrator/src/operations/queue-states',
  'are told of those that are there',
);

export const API_KEY = unit('apps/orchestrator/src/callers/api-key');
export const CALLERS = unit('apps/orchestrator/src/callers/callers');
export const PROTECT_GATEWAY = unit('apps/orchestrator/src/callers/protect-gateway');
export const OWNERSHIP = e2e('test/e2e/ownership', 'is not there, in the words of what never was');
export const ACCEPTANCE = unit('libs/validation/src/acceptance');
export const PRISMA_OPTIONS = int(
  'libs/service/src/database/prisma-options',
  'has them read what is committed',
);
export const HTTP_APPLICATION = unit('libs/service/src/application/http-application');
export const HTTP_LIMITS = unit('libs/service/src/application/http-limits');
export const RATE_LIMIT = unit('libs/service/src/application/limit-rate');
export const SECURITY_HEADERS = unit('libs/service/src/application/security-headers');
export const PROBLEM_FILTER = unit('libs/service/src/problem/problem.filter');
