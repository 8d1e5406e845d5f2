import { commandId, parseCommandId, type Answer, type SagaInput } from '@clew/saga/core';
import type { Cast } from './cast.js';
import {
  commandMessage,
  type CommandMessage,
  type Inbound,
  type Outbound,
  type ReplyMessage,
} from './messages.js';
import type { Decision, Role } from './role.js';

/** Sends commands and hears replies. */
export class AsOrchestrator implements Role {
  constructor(private readonly cast: Cast) {}

  inputOf(message: Inbound): readonly [sagaId: string, input: SagaInput] {
    switch (message.kind) {
      case 'start':
        return [message.sagaId, { type: 'start', input: message.input }];
      case 'command':
        return this.inputOfCommand(message);
      case 'reply': {
        const key = parseCommandId(message.id);
        if (!key) throw new Error(`A reply answers "${message.id}", which is no command id`);
        const { sagaId, ...command } = key;
        return [sagaId, { type: 'reply', command, outcome: message.outcome }];
      }
      case 'operation': {
        const { sagaId, operation } = message;
        return [sagaId, { type: 'operation', operation, actor: 'ada', reason: 'because' }];
      }
      case 'lock': {
        const { sagaId, key, change } = message;
        return [sagaId, { type: 'lock', key, change }];
      }
      case 'fact':
        throw new Error('An orchestrator hears no facts');
    }
  }

  wordsFor({ sagaId, definition, effects: { commands, answer } }: Decision): readonly Outbound[] {
    const messages = commands.map((command) => commandMessage(sagaId, definition, command));
    return answer ? [...messages, replyOf(answer)] : messages;
  }

  /** A command to the orchestrators themselves is about a child saga. */
  private inputOfCommand({ sagaId, saga, command }: CommandMessage): [sagaId: string, input: SagaInput] {
    const { step, direction, epoch, undoes } = command;
    const payload = command.payload as { input?: unknown; locks?: readonly string[] };
    const childId = this.cast.childOf(sagaId, step, undoes ?? epoch);
    const asker = { sagaId, saga, step, replyTo: 'replies' };
    if (direction === 'compensation')
      return [childId, { type: 'undo', parent: { ...asker, epoch: undoes!, undoEpoch: epoch } }];
    const parent = { ...asker, epoch, ...(payload.locks && { locks: payload.locks }) };
    return [childId, { type: 'start', input: payload.input, parent }];
  }
}

function replyOf({ parent, direction, outcome }: Answer): ReplyMessage {
  const { sagaId, step, epoch, undoEpoch } = parent;
  const key = { step, direction, epoch: direction === 'action' ? epoch : undoEpoch! };
  return { kind: 'reply', id: commandId(sagaId, key), outcome };
}
