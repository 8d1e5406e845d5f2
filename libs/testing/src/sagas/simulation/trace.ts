import { commandId, type SagaEvent } from '@clew/saga/core';
import type { Deadline } from './instance-store.js';
import type { Inbound } from './messages.js';

/** What happened, line by line, for people who have to understand a failure. Sagas are called by their number. */
export type Trace = string[];

/** The saga's number; that of a child begins with a `c`. */
export function shortName(sagaId: string): string {
  return `${sagaId.startsWith('c') ? 'c' : ''}${Number(sagaId.slice(24))}`;
}

/** `<saga number>/<step>/<direction>/<epoch>`. */
export function shortId(id: string): string {
  return `${shortName(id.slice(0, 36))}${id.slice(36)}`;
}

export function describeInbound(message: Inbound): string {
  switch (message.kind) {
    case 'start':
      return `start ${shortName(message.sagaId)}`;
    case 'reply':
      return `${message.outcome.kind} ${shortId(message.id)}`;
    case 'command':
      return shortId(message.id);
    case 'lock':
      return `lock ${message.key} ${message.change} ${shortName(message.sagaId)}`;
    case 'operation': {
      const { operation } = message;
      const step = 'step' in operation ? ` ${operation.step}` : '';
      return `${operation.action} ${shortName(message.sagaId)}${step}`;
    }
  }
}

export function describeDeadline(deadline: Deadline): string {
  return `deadline ${shortId(commandId(deadline.sagaId, deadline))} attempt ${deadline.attempt}`;
}

export function describeEvent(event: SagaEvent): string {
  if ('key' in event) return `${event.type} ${event.key}`;
  return 'step' in event ? `${event.type} ${event.step}` : event.type;
}
