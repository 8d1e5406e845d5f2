import type { SagaEvent } from './events.js';

/** An event that can't follow the state it meets. */
export function illegal(event: SagaEvent, because: string): Error {
  const subject =
    'step' in event ? ` to step "${event.step}"` : 'key' in event ? ` to lock "${event.key}"` : '';
  return new Error(`${event.type} can't happen${subject}: ${because}`);
}
