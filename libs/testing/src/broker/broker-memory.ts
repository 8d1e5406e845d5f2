import { matchesTopic, type OutgoingMessage, type Routes } from '@clew/broker';
import { MemoryQueue } from './memory-queue.js';

/** A program's end of its connection. */
export interface Client {
  /** The broker is there. Comes in a turn of its own, like everything that comes over a network. */
  onUp(): void;
  onDown(): void;
}

/** What the broker is and has: queues, who is connected, and whether it is there at all. Queues outlast an outage. */
export class BrokerMemory {
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #clients = new Map<Client, { isUp: boolean }>();
  /** Those that are closed for good. */
  readonly #gone = new WeakSet<Client>();
  #isThere = true;
  #outages = 0;

  get isThere(): boolean {
    return this.#isThere;
  }

  /** By which one tells whether there was one in between. */
  get outages(): number {
    return this.#outages;
  }

  connect(client: Client): void {
    if (this.#clients.has(client) || this.#gone.has(client)) return;
    this.#clients.set(client, { isUp: false });
    this.#bringUp(client);
  }

  /** For good, and at once. */
  disconnect(client: Client): void {
    const connection = this.#clients.get(client);
    this.#clients.delete(client);
    this.#gone.add(client);
    if (connection?.isUp) client.onDown();
  }

  goAway(): void {
    this.#isThere = false;
    this.#outages += 1;
    for (const [client, connection] of this.#clients) {
      if (!connection.isUp) continue;
      connection.isUp = false;
      client.onDown();
    }
  }

  comeBack(): void {
    this.#isThere = true;
    for (const client of this.#clients.keys()) this.#bringUp(client);
  }

  /** Makes what isn't there. */
  declare({ queues, subscriptions = [] }: Routes): void {
    for (const name of queues) if (!this.#queues.has(name)) this.#queues.set(name, new MemoryQueue());
    for (const { queue, topics } of subscriptions)
      for (const topic of topics) this.#queues.get(queue)?.patterns.add(topic);
  }

  queue(name: string): MemoryQueue | undefined {
    return this.#queues.get(name);
  }

  /** The queues that a message is for. */
  queuesFor({ destination, topic }: OutgoingMessage): MemoryQueue[] {
    if (topic)
      return [...this.#queues.values()].filter(({ patterns }) =>
        [...patterns].some((pattern) => matchesTopic(pattern, destination)),
      );
    const queue = this.#queues.get(destination);
    return queue ? [queue] : [];
  }

  #bringUp(client: Client): void {
    setImmediate(() => {
      const connection = this.#clients.get(client);
      if (!this.#isThere || !connection || connection.isUp) return;
      connection.isUp = true;
      client.onUp();
    });
  }
}
