import { setTimeout as delay } from 'node:timers/promises';
import type { PublishResult } from '@clew/broker';
import type { MessagePublisher } from './message-publisher.js';
import { outboxMessage, type OutboxMessage } from './outbox-message.js';

/** A message with this text as its payload. */
export function messageWith(text: string, destination = 'flights.commands'): OutboxMessage {
  return outboxMessage({
    destination,
    messageId: `message ${text}`,
    correlationId: '0192a000-0000-7000-8000-000000000000',
    type: 'flights.reserve',
    headers: { saga: 'trip', epoch: 0 },
    payload: JSON.stringify({ text }),
  });
}

type Fate = 'confirmed' | 'returned' | 'failed';

/** A broker that does with messages what the spec says. */
export class ScriptedPublisher implements MessagePublisher {
  isReady = true;
  /** Everything that was handed over, in order. */
  readonly seen: OutboxMessage[] = [];
  readonly calls: number[] = [];
  fateOf: (message: OutboxMessage) => Fate = () => 'confirmed';
  /** Milliseconds until the fate is known. */
  slowness = 0;
  readonly #listeners = new Set<() => void>();

  get ready(): boolean {
    return this.isReady;
  }

  becomeReady(): void {
    this.isReady = true;
    for (const listener of this.#listeners) listener();
  }

  onReady(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async publish<Message extends OutboxMessage>(
    messages: readonly Message[],
  ): Promise<PublishResult<Message>> {
    this.seen.push(...messages);
    this.calls.push(messages.length);
    if (this.slowness > 0) await delay(this.slowness);
    const of = (fate: Fate) => messages.filter((message) => this.fateOf(message) === fate);
    return { confirmed: of('confirmed'), returned: of('returned'), failed: of('failed') };
  }

  timesSeen(message: OutboxMessage): number {
    return this.seen.filter(({ id }) => id === message.id).length;
  }
}
