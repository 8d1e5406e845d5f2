import type { Answer } from '@clew/envelope';
import { CommandRejected } from './command-rejected.js';

/** The answer to a command whose handler was done with it. @throws TypeError if what it returned can't go on the wire */
export function doneWith(result: unknown): Answer {
  return { outcome: 'done', body: replyOf(result) };
}

export function rejectedWith({ code, message }: CommandRejected): Answer {
  return { outcome: 'rejected', body: { code, message } };
}

/**
 * The answers to commands whose batch handler returned this: one for each, in their order.
 *
 * @throws TypeError if it isn't that
 */
export function answersOf(results: unknown, count: number): Answer[] {
  if (!Array.isArray(results) || results.length !== count)
    throw new TypeError(
      `A batch handler must return one reply or CommandRejected for each of its ${count} commands, in their order`,
    );
  return results.map((result: unknown) =>
    result instanceof CommandRejected ? rejectedWith(result) : doneWith(result),
  );
}

/** What a handler returned, as it can go on the wire. */
function replyOf(result: unknown): object {
  const reply = result ?? {};
  if (typeof reply !== 'object' || Array.isArray(reply)) {
    throw new TypeError('A handler must return its reply as an object, or nothing for an empty one');
  }
  // Serialised here, so that what can't be is this command's fault alone.
  const json: unknown = JSON.parse(JSON.stringify(reply));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new TypeError('The reply of a handler must be a JSON object');
  }
  return json;
}
