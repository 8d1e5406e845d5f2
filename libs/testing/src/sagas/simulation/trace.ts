import { commandId, topicOf, type Fact, type SagaEvent } from '@clew/saga/core';
import type { Deadline } from './instance-store.js';
import type { Inbound, ToParticipant } from './messages.js';

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

/** `<saga number>.<step>.succeeded` */
function describeFact(sagaId: string, fact: Fact): string {
  return topicOf(shortName(sagaId), fact);
}

export function describeDelivery(message: ToParticipant): string {
  if (message.kind === 'command') return shortId(message.id);
  return `${describeFact(message.sagaId, message.fact)} to ${message.participant}`;
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
    case 'fact':
      return describeFact(message.sagaId, message.fact);
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
