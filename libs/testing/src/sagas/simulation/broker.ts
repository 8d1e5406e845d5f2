import { SAGA_PARTICIPANT } from '@clew/saga/core';
import type { CommandMessage, Inbound } from './messages.js';

/** What is on its way. Any of it may arrive next, and nothing arrives by itself. */
export class Broker {
  readonly toParticipants: CommandMessage[] = [];
  /** To those who decide. */
  readonly toDeciders: Inbound[] = [];

  send(...messages: readonly Inbound[]): void {
    for (const message of messages) {
      if (message.kind === 'command' && message.command.participant !== SAGA_PARTICIPANT)
        this.toParticipants.push(message);
      else this.toDeciders.push(message);
    }
  }
}
