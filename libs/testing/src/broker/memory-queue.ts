import type { OutgoingMessage } from '@clew/broker';

/** A message as a queue keeps it. */
export interface StoredMessage extends Omit<OutgoingMessage, 'payload' | 'topic'> {
  readonly content: Buffer;
  /** When it was published, in seconds since 1970. */
  readonly timestamp: number;
}

/** A message that couldn't be worked on, and why. */
export interface DeadLetter {
  readonly messageId?: string;
  readonly content: Buffer;
  readonly reason: string;
}

/** As a queue keeps it. */
export interface StoredLetter extends DeadLetter {
  /** As it goes back to the queue. */
  readonly message: StoredMessage;
  readonly parkedAt: Date;
  readonly returns: number;
}

/** A place in the queue. Its message may be handed out any number of times, one after the other. */
export interface Place {
  readonly number: number;
  readonly message: StoredMessage;
  /** How often it was handed out in vain. */
  returns: number;
}

/** Somebody who takes messages. */
export interface Subscription {
  /** Nothing more is handed over; what was can still be settled. */
  stop(): void;
  /** The message is done with and leaves the queue. One that was settled before is passed over. */
  settle(place: Place): void;
  isOpen(place: Place): boolean;
  /** What isn't settled is for others again, in its old place. */
  end(): void;
}

interface Taker {
  readonly prefetch: number;
  readonly take: (place: Place) => void;
  readonly unsettled: Set<Place>;
  isStopped: boolean;
}

/** One queue: what waits, who takes, what was handed to whom, and the dead letters. */
export class MemoryQueue {
  /** Patterns of the topics that it has subscribed to. */
  readonly patterns = new Set<string>();
  readonly deadLetters = new Set<StoredLetter>();
  /** Those that somebody is about to send back or throw away. */
  readonly lettersInHand = new Set<StoredLetter>();
  #places = 0;
  #waiting: Place[] = [];
  /** Whose turn it is comes first. */
  #takers: Taker[] = [];
  #isDealing = false;

  get waiting(): number {
    return this.#waiting.length;
  }

  get unacked(): number {
    return this.#takers.reduce((sum, { unsettled }) => sum + unsettled.size, 0);
  }

  push(message: StoredMessage): void {
    this.#waiting.push({ number: (this.#places += 1), message, returns: 0 });
    this.#deal();
  }

  subscribe(prefetch: number, take: (place: Place) => void): Subscription {
    const taker: Taker = { prefetch, take, unsettled: new Set(), isStopped: false };
    this.#takers.push(taker);
    this.#deal();
    return {
      stop: () => void (taker.isStopped = true),
      settle: (place) => {
        if (taker.unsettled.delete(place)) this.#deal();
      },
      isOpen: (place) => taker.unsettled.has(place),
      end: () => this.#end(taker),
    };
  }

  #end(taker: Taker): void {
    taker.isStopped = true;
    this.#takers = this.#takers.filter((each) => each !== taker);
    for (const place of taker.unsettled) place.returns += 1;
    this.#waiting = [...taker.unsettled, ...this.#waiting].sort((a, b) => a.number - b.number);
    taker.unsettled.clear();
    this.#deal();
  }

  /** Hands out by turns, and later: nobody gets a message within a call of his own. */
  #deal(): void {
    if (this.#isDealing) return;
    this.#isDealing = true;
    setImmediate(() => {
      this.#isDealing = false;
      while (this.#waiting.length > 0) {
        const taker = this.#nextTaker();
        if (!taker) return;
        const place = this.#waiting.shift()!;
        taker.unsettled.add(place);
        taker.take(place);
      }
    });
  }

  #nextTaker(): Taker | undefined {
    const at = this.#takers.findIndex(
      ({ isStopped, unsettled, prefetch }) => !isStopped && unsettled.size < prefetch,
    );
    const [taker] = at < 0 ? [] : this.#takers.splice(at, 1);
    if (taker) this.#takers.push(taker);
    return taker;
  }
}
