import type { Answer } from '@clew/envelope';
import { outboxMessage, type OutboxMessage } from '@clew/outbox';
import { describeFault } from './describe-fault.js';
import type { FenceResult } from './fence-rows.js';
import { ownKey, type ReceivedCommand } from './received-command.js';

/** Commands that can't be handled, as they stand or at all, with the reasons. */
export type Faults = ReadonlyMap<ReceivedCommand, string>;

/** A bug, or what comes of one: it concerns one command and stays so however often it is tried. */
export class CommandFault extends Error {
  constructor(cause: unknown) {
    super('The command can not be handled', { cause });
  }

  /** For people. */
  get reason(): string {
    return describeFault(this.cause);
  }
}

/** What a batch of commands has come to so far. */
export class BatchOutcome {
  readonly results: FenceResult[] = [];
  readonly replies: OutboxMessage[] = [];
  readonly faults = new Map<ReceivedCommand, string>();

  /** @param record whether the fence doesn't have it yet */
  answer(command: ReceivedCommand, answer: Answer, record: boolean): void {
    this.replies.push(outboxMessage(command.answerWith(answer)));
    if (!record) return;
    const reply = JSON.stringify(answer.body);
    this.results.push({ key: ownKey(command.envelope), outcome: answer.outcome, reply });
  }

  /** Leaves no trace of a command, as if it had never come. */
  fault(command: ReceivedCommand, { reason }: CommandFault): void {
    this.faults.set(command, reason);
    this.results.push({ key: ownKey(command.envelope), outcome: null, reply: null });
  }
}
