import {
  commandId,
  type Command,
  type Fact,
  type Operation,
  type Outcome,
  type SagaDefinition,
} from '@clew/saga/core';

/** A request to begin a saga, as it reaches those who decide. */
export interface StartMessage {
  readonly kind: 'start';
  readonly sagaId: string;
  readonly input: unknown;
}

export interface CommandMessage {
  readonly kind: 'command';
  /** The command id: the same however often it is sent. */
  readonly id: string;
  readonly sagaId: string;
  /** Name of the saga's definition. */
  readonly saga: string;
  readonly command: Command;
}

export interface ReplyMessage {
  readonly kind: 'reply';
  /** The id of the command that it answers. */
  readonly id: string;
  readonly outcome: Outcome;
}

/** A person's wish. */
export interface OperationMessage {
  readonly kind: 'operation';
  readonly sagaId: string;
  readonly operation: Operation;
}

/** Word from the lock table. */
export interface LockMessage {
  readonly kind: 'lock';
  readonly sagaId: string;
  readonly key: string;
  readonly change: 'acquired' | 'lost';
}

/** What is said aloud about a choreographed saga. */
export interface FactMessage {
  readonly kind: 'fact';
  readonly sagaId: string;
  readonly fact: Fact;
}

/** The copy of a fact in the queue of a participant that listens. */
export interface FactCopy extends FactMessage {
  readonly participant: string;
}

/** What goes to a participant. */
export type ToParticipant = CommandMessage | FactCopy;

/** What those who decide take in. A command among them is about a child saga. */
export type Inbound =
  StartMessage | ReplyMessage | CommandMessage | OperationMessage | LockMessage | FactMessage;

/** What goes through an outbox. */
export type Outbound = CommandMessage | ReplyMessage | FactMessage;

export function commandMessage(
  sagaId: string,
  { name: saga }: SagaDefinition,
  command: Command,
): CommandMessage {
  return { kind: 'command', id: commandId(sagaId, command), sagaId, saga, command };
}
