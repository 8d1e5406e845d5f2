import { commandId } from '../command.js';
import type { SagaEvent } from '../events.js';
import type { Deadline } from './instance-store.js';
import type { Inbound } from './orchestrator.js';

/** What happened, line by line, for people who have to understand a failure. Sagas are called by their number. */
export type Trace = string[];

/** `<saga number>/<step>/<direction>/<epoch>`. */
export function shortId(id: string): string {
  return id.slice(35);
}

export function describeInbound(message: Inbound): string {
  return message.kind === 'start'
    ? `start ${message.sagaId.at(-1)}`
    : `${message.outcome.kind} ${shortId(message.id)}`;
}

export function describeDeadline(deadline: Deadline): string {
  return `deadline ${shortId(commandId(deadline.sagaId, deadline))} attempt ${deadline.attempt}`;
}

export function describeEvent(event: SagaEvent): string {
  return 'step' in event ? `${event.type} ${event.step}` : event.type;
}
