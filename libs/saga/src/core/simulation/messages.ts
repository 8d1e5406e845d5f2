import type { Command } from '../effects.js';
import type { Outcome } from '../inputs.js';

/** A request to begin a saga, as it reaches the orchestrators. */
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
  readonly command: Command;
}

export interface ReplyMessage {
  readonly kind: 'reply';
  /** The id of the command that it answers. */
  readonly id: string;
  readonly outcome: Outcome;
}
