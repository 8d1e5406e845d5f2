import { randomUUID } from 'node:crypto';
import type { OutgoingMessage, PublishResult } from '@clew/broker';
import { fitsInPack, packBytes } from './pack.js';
import { packKeyOf } from './topology.js';

/** Messages for one queue that go out as one. */
export interface Pack {
  readonly destination: string;
  readonly messageId: string;
  readonly packs: readonly OutgoingMessage[];
}

/** What goes over the wire as one message. */
export type Parcel = OutgoingMessage | Pack;

export function isPack(parcel: object): parcel is Pack {
  return 'packs' in parcel;
}

/** For how long a queue whose receiver takes no packs gets none, until that is tried again. In milliseconds. */
const plainForMs = 30_000;

/**
 * Puts messages of one call that are for the same queue into packs. Who receives from a queue says that it takes packs by
 * a binding of its own, and nobody else is sent any: a pack that comes back is sent again message by message.
 */
export class Packing {
  /** Queues that get no packs, with the time until which. */
  readonly #plain = new Map<string, number>();

  constructor(private readonly mostInPack: number) {}

  /** What is alone for its queue goes out as it is. */
  parcelsOf(messages: readonly OutgoingMessage[]): Parcel[] {
    const parcels: Parcel[] = [];
    for (const [destination, together] of this.#byQueue(messages, parcels))
      for (const some of portions(together, this.mostInPack))
        parcels.push(
          some.length === 1
            ? some[0]!
            : { destination: packKeyOf(destination), messageId: `pack/${randomUUID()}`, packs: some },
        );
    return parcels;
  }

  /** No queue took these packs: whoever receives there takes none. */
  refused(packs: readonly Pack[]): void {
    for (const pack of packs) this.#plain.set(pack.packs[0]!.destination, performance.now() + plainForMs);
  }

  /** What isn't for a queue that takes packs goes to the parcels. */
  #byQueue(messages: readonly OutgoingMessage[], parcels: Parcel[]): Map<string, OutgoingMessage[]> {
    const queues = new Map<string, OutgoingMessage[]>();
    for (const message of messages) {
      const { destination, topic } = message;
      if (topic || !fitsInPack(message) || (this.#plain.get(destination) ?? 0) > performance.now())
        parcels.push(message);
      else if (queues.has(destination)) queues.get(destination)!.push(message);
      else queues.set(destination, [message]);
    }
    return queues;
  }
}

/** Not too many at a time, nor too long: a message that is too long by itself stays alone. */
function* portions(messages: readonly OutgoingMessage[], most: number): Generator<OutgoingMessage[]> {
  let portion: OutgoingMessage[] = [];
  let size = 0;
  for (const message of messages) {
    // A character has a byte at least: what is near the limit may come to more, and stays far below what brokers take.
    const { length } = message.payload;
    if (portion.length === most || (portion.length > 0 && size + length > packBytes)) {
      yield portion;
      portion = [];
      size = 0;
    }
    portion.push(message);
    size += length;
  }
  if (portion.length > 0) yield portion;
}

/** The fate of messages by that of the parcels they went in, each list in the order in which the messages were given. */
export function fateOf<T extends OutgoingMessage>(
  messages: readonly T[],
  { confirmed, returned }: PublishResult<Parcel>,
): PublishResult<T> {
  const [there, back] = [confirmed, returned].map(
    (parcels) =>
      new Set<OutgoingMessage>(parcels.flatMap((parcel) => (isPack(parcel) ? parcel.packs : parcel))),
  ) as [Set<OutgoingMessage>, Set<OutgoingMessage>];
  return {
    confirmed: messages.filter((message) => there.has(message)),
    returned: messages.filter((message) => back.has(message)),
    failed: messages.filter((message) => !there.has(message) && !back.has(message)),
  };
}
