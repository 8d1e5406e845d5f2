import { ApiOperations, type ApiOperation } from '../api-operations.js';
import type { RunningSystem } from '../running-system.js';
import { Dice } from './dice.js';
import { HttpSender, type Received } from './http-sender.js';
import { oddRequest, type OddRequest } from './odd-request.js';

export interface FuzzOptions {
  readonly requests: number;
  readonly concurrency: number;
  /** The same seed makes the same requests, but for the ids of what was begun meanwhile. */
  readonly seed: number;
  readonly operatorKey: string;
}

export interface FuzzReport {
  /** How often which status came. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Ids of the sagas that calls were told of that start one. */
  readonly begun: ReadonlySet<string>;
  /** What was not as it should be, with the request; each kind once. */
  readonly faults: readonly string[];
}

/** Ids that requests name are among the last so many. */
const REMEMBERED = 200;

/** Sends odd requests to every operation of the document, some at once, and judges every answer. */
export async function fuzz(system: RunningSystem, options: FuzzOptions): Promise<FuzzReport> {
  const { requests, concurrency, seed, operatorKey } = options;
  const operations = new ApiOperations();
  const sender = new HttpSender(system.gateway().url, concurrency);
  const statuses: Record<string, number> = {};
  const begun = new Set<string>();
  const ids: string[] = [];
  const faults = new Map<string, string>();

  const one = async (index: number) => {
    const dice = new Dice(seed + Math.imul(index, 0x9e3779b1));
    const operation = dice.oneOf(operations.all);
    const request = oddRequest(operation, dice, { ids, operatorKey });
    const blame = (fault: string) => {
      const kind = `${operation.operationId}: ${fault}`;
      if (!faults.has(kind)) faults.set(kind, `#${index} ${kind}\n    ${shown(request)}`);
    };
    try {
      const answer = await sender.send(request);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      for (const fault of faultsOf(operations, operation, request, answer)) blame(fault);
      const id = begunBy(operation, request, answer);
      if (id === undefined) return;
      begun.add(id);
      ids.push(id);
      if (ids.length > REMEMBERED) ids.shift();
    } catch (error) {
      blame(error instanceof Error ? error.message : String(error));
    }
  };

  let next = 0;
  const worker = async () => {
    while (next < requests) await one(next++);
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    next = requests;
    sender.close();
  }
  return { statuses, begun, faults: [...faults.values()] };
}

function faultsOf(
  operations: ApiOperations,
  operation: ApiOperation,
  request: OddRequest,
  answer: Received,
): string[] {
  const { status, retryAfter, text } = answer;
  if (status === 503) {
    const isMeant = retryAfter !== undefined && /is begun for the moment|Try again later/.test(text);
    return isMeant ? [] : [`503 without a good reason: ${text}`];
  }
  if (status >= 500) return [`${status}: ${text}`];
  // There is no body to judge by.
  if (request.method === 'HEAD') return text === '' ? [] : ['the answer to HEAD has a body'];
  if (request.isRouted) return operations.faultsOf(operation, answer);
  return status >= 400 ? operations.faultsOfProblem(answer) : [];
}

/** The saga that a call has begun, or would have if it weren't begun before. */
function begunBy({ operationId, responses }: ApiOperation, request: OddRequest, answer: Received) {
  const begins = '201' in responses && '202' in responses;
  if (!begins || !request.isRouted || (answer.status !== 201 && answer.status !== 202)) return undefined;
  const { id } = JSON.parse(answer.text) as { id?: string };
  if (id === undefined) throw new Error(`${operationId} begins something without an id`);
  return id;
}

function shown({ method, path, headers, body }: OddRequest): string {
  const text = body === undefined ? '' : body.toString('utf8');
  return `${method} ${path.slice(0, 200)} ${JSON.stringify(headers).slice(0, 500)} ${JSON.stringify(text.slice(0, 800))}`;
}
