import type { Mutant } from './mutant.js';
import {
  ACCEPTANCE,
  API_KEY,
  CALLERS,
  CHILD_SAGA,
  ENGINE,
  HAND_OVER,
  HTTP_APPLICATION,
  HTTP_LIMITS,
  OWN_INSTANCE,
  OWNERSHIP,
  PROBLEM_FILTER,
  PROTECT_GATEWAY,
  RATE_LIMIT,
  SECURITY_HEADERS,
  SENDER,
  SENDERS,
} from './specs.js';

const callers = 'apps/orchestrator/src/callers';
const application = 'libs/service/src/application';

const KEYS: readonly Mutant[] = [
  {
    guard: 'where keys are set, who bears none is nobody',
    file: `${callers}/caller-of.ts`,
    text: 'return apiKeys.length === 0 ?',
    without: 'return apiKeys.length >= 0 ?',
    noticedBy: [[CALLERS, 'who bears a wrong key is refused']],
  },
  {
    guard: 'a key is the one whose hash is known',
    file: `${callers}/caller-of.ts`,
    text: 'apiKeys.filter((known) => timingSafeEqual(digest, known.digest))',
    without: 'apiKeys.filter((known) => digest.length === known.digest.length)',
    noticedBy: [[CALLERS, 'who bears a wrong key is refused']],
  },
  {
    guard: 'the hash of a key is no key',
    file: `${callers}/caller-of.ts`,
    text: 'const digest = digestOf(given);',
    without: "const digest = given.length === 64 ? Buffer.from(given, 'hex') : digestOf(given);",
    noticedBy: [[CALLERS, 'who bears a hash for a key is refused']],
  },
  {
    guard: "a caller's calls need a key",
    file: `${callers}/for-callers.decorator.ts`,
    text: 'UseGuards(CallerGuard),',
    without: 'UseGuards(),',
    noticedBy: [[CALLERS, 'who bears nothing is refused']],
  },
  {
    guard: 'a name has one role',
    file: `${callers}/api-key.ts`,
    text: 'keys.some((other) => other.name === name && other.role !== role)',
    without: 'keys.length < 0',
    noticedBy: [[API_KEY, 'a name with two roles']],
  },
  {
    guard: 'operations are for operators',
    file: 'apps/orchestrator/src/operations/operator.guard.ts',
    text: "if (caller?.role === 'operator') {",
    without: 'if (caller?.name !== undefined) {',
    noticedBy: [[CALLERS, 'operations are for operators, and for no other caller']],
  },
];

const OWNERS: readonly Mutant[] = [
  {
    guard: "a caller sees one's own",
    file: 'apps/orchestrator/src/saga-view/own-instance.ts',
    text: 'seen === undefined || owner === seen',
    without: 'seen === undefined || owner !== undefined',
    noticedBy: [[OWN_INSTANCE, "of ada's (ada)"]],
  },
  {
    guard: "a list of bookings has the caller's own",
    file: 'apps/orchestrator/src/bookings/bookings.controller.ts',
    text: 'owner: ownerSeenBy(caller)',
    without: '...(ownerSeenBy(caller) && {})',
    noticedBy: [[OWNERSHIP, 'is in no list of others, whatever is asked for']],
  },
  {
    guard: "a list of orders has the caller's own",
    file: 'apps/orchestrator/src/orders/orders.controller.ts',
    text: 'owner: ownerSeenBy(caller)',
    without: '...(ownerSeenBy(caller) && {})',
    noticedBy: [[OWNERSHIP, 'is in no list of others, whatever is asked for']],
  },
  {
    guard: "a child saga belongs to its parent's owner",
    file: 'libs/saga/src/commit-statement.ts',
    text: "${withChildren ? INHERITED : ''}",
    without: "${withChildren && !INHERITED ? INHERITED : ''}",
    noticedBy: [[CHILD_SAGA, "belongs to its parent's owner, as does its own child"]],
  },
];

const RATES: readonly Mutant[] = [
  {
    guard: 'too many requests of a minute are refused',
    file: `${application}/limit-rate.ts`,
    text: "instance.after(() => instance.addHook('onRequest', instance.rateLimit()));",
    without: '',
    noticedBy: [[PROTECT_GATEWAY, 'are counted for each name']],
  },
  {
    guard: "each caller's requests are counted apart",
    file: `${application}/limit-rate.ts`,
    text: 'return caller === undefined ?',
    without: "return typeof caller === 'string' || caller === undefined ?",
    noticedBy: [
      [RATE_LIMIT, 'is one caller, and not the others at the same address'],
      [PROTECT_GATEWAY, 'are counted for each name'],
    ],
  },
  {
    guard: 'a name has one count, whichever of its keys it bears',
    file: `${callers}/protect-gateway.ts`,
    text: 'callerOf(environment, authorization)?.name',
    without: 'callerOf(environment, authorization) && authorization',
    noticedBy: [[PROTECT_GATEWAY, 'are counted for each name, whichever of its keys it bears']],
  },
  {
    guard: 'health is never limited',
    file: `${application}/limit-rate.ts`,
    text: 'NEVER_LIMITED.test(url)',
    without: 'url.length < 0',
    noticedBy: [[RATE_LIMIT, 'may ask for health and metrics as often as ever']],
  },
  {
    guard: 'no more callers are counted than there is room for',
    file: `${application}/limit-rate.ts`,
    text: 'cache: mostCounted,',
    without: 'cache: 1_000 * mostCounted,',
    noticedBy: [[RATE_LIMIT, 'is forgotten when more have called since than are counted']],
  },
];

const REQUESTS: readonly Mutant[] = [
  {
    guard: 'a body has 64 KB at most',
    file: `${application}/http-application.ts`,
    text: 'bodyLimit: BODY_LIMIT,',
    without: 'bodyLimit: 2 * BODY_LIMIT,',
    noticedBy: [[HTTP_APPLICATION, 'a body of more than 64 KB']],
  },
  {
    guard: 'a body has 32 levels at most',
    file: 'libs/service/src/problem/strict-validation.pipe.ts',
    text: 'isDeeperThan(MOST_LEVELS, value)',
    without: 'isDeeperThan(1_000 * MOST_LEVELS, value)',
    noticedBy: [[HTTP_APPLICATION, 'a body that is deep in arrays']],
  },
  {
    guard: 'fields that nobody knows are refused',
    file: 'libs/validation/src/strict.pipe.ts',
    text: ', forbidNonWhitelisted: true',
    without: '',
    noticedBy: [[HTTP_APPLICATION, 'a field that nobody knows']],
  },
  {
    guard: 'what class-transformer would convert is left to it',
    file: 'libs/validation/src/property-class.ts',
    text: 'if (isDecorated || property in constructor.prototype) return undefined;',
    without: 'if (isDecorated === undefined) return undefined;',
    noticedBy: [[ACCEPTANCE, 'leaves it to class-transformer to make']],
  },
  {
    guard: 'also where class-validator is not asked',
    file: 'libs/validation/src/acceptance.ts',
    text: 'if (!rules.has(property)) return false;',
    without: '',
    noticedBy: [[ACCEPTANCE, 'exactly what class-validator accepts']],
  },
  {
    guard: 'what hangs together is validated as deep as it goes',
    file: 'libs/validation/src/acceptance.ts',
    text: '&& !this.isNestedCertain(value)',
    without: '&& false',
    noticedBy: [[ACCEPTANCE, 'exactly what class-validator accepts']],
  },
  {
    guard: 'a body is JSON',
    file: `${application}/http-application.ts`,
    text: "instance.removeContentTypeParser('text/plain');",
    without: '',
    noticedBy: [[HTTP_APPLICATION, 'plain text']],
  },
  {
    guard: 'header fields arrive in time',
    file: `${application}/http-application.ts`,
    text: 'headersTimeout: limits.headersMs,',
    without: 'headersTimeout: limits.requestMs,',
    noticedBy: [[HTTP_LIMITS, 'with its header fields is answered 408']],
  },
  {
    guard: 'a body arrives in time',
    file: `${application}/http-application.ts`,
    text: 'requestTimeout: limits.requestMs,\n    keepAliveTimeout',
    without: 'keepAliveTimeout',
    noticedBy: [[HTTP_LIMITS, 'with its body too']],
  },
  {
    guard: 'a process has so many connections and no more',
    file: `${application}/http-application.ts`,
    text: 'instance.server.maxConnections = limits.connections;',
    without: '',
    noticedBy: [[HTTP_LIMITS, 'too many is hung up on']],
  },
  {
    guard: 'who never finishes a request keeps no server from stopping',
    file: `${application}/http-application.ts`,
    text: '() => instance.server.closeAllConnections()',
    without: '() => undefined',
    noticedBy: [[HTTP_LIMITS, 'with its body does not keep the server from closing']],
  },
];

const ANSWERS: readonly Mutant[] = [
  {
    guard: 'every answer tells browsers to distrust it',
    file: `${application}/security-headers.ts`,
    text: 'headersWith(FOR_PROGRAMS)',
    without: 'headersWith(false)',
    noticedBy: [[SECURITY_HEADERS, 'of an answer to a program lets nothing run']],
  },
  {
    guard: 'so does what is refused before there is a route',
    file: `${application}/unrouted-errors.ts`,
    text: ".writeHead(problem.status, { 'content-type': PROBLEM_CONTENT_TYPE, ...BARE_SECURITY_HEADERS })",
    without: ".writeHead(problem.status, { 'content-type': PROBLEM_CONTENT_TYPE })",
    noticedBy: [[SECURITY_HEADERS, 'of /things/%zz is not to guess what it is']],
  },
  {
    guard: 'only pages of origins that are named may call',
    file: `${callers}/protect-gateway.ts`,
    text: 'origin: [...origins],',
    without: 'origin: true,',
    noticedBy: [[PROTECT_GATEWAY, 'of the origin https://evil.example is refused']],
  },
  {
    guard: 'no answer shows what went wrong inside',
    file: 'libs/service/src/problem/problem.filter.ts',
    text: "problemOf(500, 'An unexpected error. It has been logged.')",
    without: 'problemOf(500, String(error))',
    noticedBy: [[HTTP_APPLICATION, 'a bug']],
  },
  {
    guard: 'that a server is away has a line a second in the log',
    file: 'libs/paced-log/src/paced-log.ts',
    text: 'if (!this.#timer) this.#tell();',
    without: 'this.#tell();',
    noticedBy: [[PROBLEM_FILTER, 'is logged once a second, with the number of those who were told']],
  },
];

const REPLIES: readonly Mutant[] = [
  {
    guard: 'a reply counts only if the user of the participant that was asked has sent it',
    file: 'libs/saga/src/senders.ts',
    text: 'if (due !== undefined && sender !== due)',
    without: "if (due !== undefined && sender === '')",
    noticedBy: [
      [SENDERS, 'does not count from clew-cars'],
      [ENGINE, 'refuses a reply that another user has sent'],
    ],
  },
  {
    guard: 'who has sent it is noted by the own user or not at all',
    file: 'libs/rabbitmq/src/sender.ts',
    text: 'userId === ownUser && typeof noted',
    without: 'typeof noted',
    noticedBy: [[SENDER, 'is not found in what the sender writes']],
  },
  {
    guard: 'what is in hand is bounded in bytes',
    file: 'libs/rabbitmq/src/hand-over.ts',
    text: 'Math.max(1, Math.ceil(content.length / BYTES_THAT_COUNT_ONCE))',
    without: 'Math.sign(content.length + 1)',
    noticedBy: [[HAND_OVER, 'counts once for each four kilobytes']],
  },
  {
    guard: 'what comes in a pack is from whoever has sent the pack',
    file: 'libs/rabbitmq/src/pack.ts',
    text: 'propertiesOf(entry, userId)',
    without: 'propertiesOf(entry, (entry as { userId?: unknown }).userId ?? userId)',
    noticedBy: [[SENDER, 'is not found in what the sender writes']],
  },
  {
    guard: 'what is parked notes who was found to have sent it',
    file: 'libs/rabbitmq/src/dead-letter.ts',
    text: "[senderHeader]: delivery.sender ?? '',",
    without: "[senderHeader]: delivery.headers[senderHeader] ?? delivery.sender ?? '',",
    noticedBy: [[SENDER, 'by a message that is parked']],
  },
  {
    guard: 'what is redriven was sent by whoever put it among the dead letters, if that is another',
    file: 'libs/rabbitmq/src/read-dead-letter.ts',
    text: "const sender = senderOf(properties, userId) ?? '';",
    without: "const sender = properties.headers?.[senderHeader] ?? '';",
    noticedBy: [[SENDER, 'by a letter that somebody else puts among the dead ones']],
  },
];

/** What keeps callers apart and within bounds, and participants from answering for others (docs/security.md). */
export const PROTECTION_MUTANTS: readonly Mutant[] = [
  ...KEYS,
  ...OWNERS,
  ...RATES,
  ...REQUESTS,
  ...ANSWERS,
  ...REPLIES,
];
