import type { Mutant } from './mutant.js';
import { BROKER_CONFORMANCE, DEAD_LETTERS } from './specs.js';

const visit = 'libs/rabbitmq/src/dead-letter-visit.ts';

/** What keeps dead letters from being lost, and from going where they never were. */
export const DEAD_LETTER_MUTANTS: readonly Mutant[] = [
  {
    guard: 'a dead letter is taken away only after its copy is confirmed',
    file: visit,
    text: 'letters.filter((_, index) => isConfirmed[index])',
    without: 'letters.filter((_, index) => index < isConfirmed.length)',
    noticedBy: [[DEAD_LETTERS, 'stay when their queue is full']],
  },
  {
    guard: 'a dead letter whose copy is returned stays',
    file: visit,
    text: 'if (this.#returned > returnedBefore) return [];',
    without: '',
    noticedBy: [[DEAD_LETTERS, 'stay when no queue takes them']],
  },
  {
    guard: 'a dead letter goes back to its own queue, not to the topic',
    file: visit,
    text: 'this.session.channel.publish(exchangeOf(this.topology), queue, content,',
    without: `const key = String(properties.headers?.['x-clew-routing-key'] ?? queue);
        const exchange = exchangeOf(this.topology) + (key === queue ? '' : '.events');
        this.session.channel.publish(exchange, key, content,`,
    noticedBy: [[BROKER_CONFORMANCE, 'of a topic go back to the queue that has parked them']],
  },
];
