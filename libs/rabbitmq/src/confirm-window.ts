import { Outcome, type PublishCall, type Returned, type SettledOutcome } from './publish-call.js';

/** From this many bytes on, a flight is closed and the next begun, so that its bytes are given free before long. */
const flightBytes = 1024 * 1024;

/** Neighbours of one call that were written in one go: their delivery tags and their indexes run side by side. */
interface Flight {
  readonly call: PublishCall;
  readonly firstTag: number;
  readonly firstIndex: number;
  readonly sentAt: number;
  count: number;
  bytes: number;
  unsettled: number;
  /** Messages before this one are settled, so nobody has to look at them again. */
  settledBefore: number;
}

/**
 * The book of what was written on one channel and is not confirmed: which delivery tag means which message of which call.
 * It costs counters a message, not objects. The channel numbers what it sends 1, 2, 3, …
 */
export class ConfirmWindow {
  #messages = 0;
  #bytes = 0;
  #nextTag = 1;
  #flights: Flight[] = [];

  /** Messages that were sent and aren't confirmed. */
  get messages(): number {
    return this.#messages;
  }

  /** At least the bytes of their payloads. */
  get bytes(): number {
    return this.#bytes;
  }

  /** When the oldest of them was sent, in the sender's time. */
  get oldestSentAt(): number | undefined {
    return this.#flights[0]?.sentAt;
  }

  /**
   * A message was written on the channel.
   *
   * @param now the same for all that is written in one go
   */
  sent(call: PublishCall, index: number, bytes: number, now: number): void {
    const tag = this.#nextTag;
    this.#nextTag += 1;
    this.#messages += 1;
    this.#bytes += bytes;
    const last = this.#flights.at(-1);
    if (
      last &&
      last.call === call &&
      last.sentAt === now &&
      last.firstTag + last.count === tag &&
      last.firstIndex + last.count === index &&
      last.bytes < flightBytes
    ) {
      last.count += 1;
      last.unsettled += 1;
      last.bytes += bytes;
      return;
    }
    const opened = { call, firstTag: tag, firstIndex: index, sentAt: now };
    this.#flights.push({ ...opened, count: 1, bytes, unsettled: 1, settledBefore: 0 });
  }

  acked(tag: number, multiple: boolean): void {
    this.#settle(tag, multiple, Outcome.confirmed);
  }

  nacked(tag: number, multiple: boolean): void {
    this.#settle(tag, multiple, Outcome.failed);
  }

  /**
   * The broker gave a message back; its confirm is still to come. Of several copies of one message to one destination the
   * oldest is taken to be meant: which of them it was can't be known, and makes no difference, as they are the same.
   *
   * @returns false if no such message is waiting
   */
  returned(returned: Returned): boolean {
    for (const { call, firstIndex, count, settledBefore } of this.#flights) {
      for (let at = settledBefore; at < count; at += 1) {
        if (!call.isCandidate(firstIndex + at, returned)) continue;
        call.markReturning(firstIndex + at);
        return true;
      }
    }
    return false;
  }

  /** Fails all that is waiting. Confirms of it that come later are ignored. */
  abandon(): void {
    const flights = this.#flights;
    this.#flights = [];
    this.#messages = 0;
    this.#bytes = 0;
    for (const { call, firstIndex, count, settledBefore } of flights)
      for (let at = settledBefore; at < count; at += 1) call.settle(firstIndex + at, Outcome.failed);
  }

  #settle(tag: number, multiple: boolean, outcome: SettledOutcome): void {
    for (const flight of this.#flights) {
      if (flight.firstTag > tag) break;
      const at = Math.min(tag - flight.firstTag, flight.count - 1);
      if (multiple) {
        for (let i = flight.settledBefore; i <= at; i += 1) this.#settleOne(flight, i, outcome);
        flight.settledBefore = Math.max(flight.settledBefore, at + 1);
      } else if (tag - flight.firstTag === at) {
        this.#settleOne(flight, at, outcome);
        if (at === flight.settledBefore) flight.settledBefore += 1;
        break;
      }
    }
    // Those settled before the head are kept until it is: looking for them each time would cost more.
    while (this.#flights[0]?.unsettled === 0) this.#bytes -= this.#flights.shift()!.bytes;
  }

  #settleOne(flight: Flight, at: number, outcome: SettledOutcome): void {
    if (!flight.call.settle(flight.firstIndex + at, outcome)) return;
    flight.unsettled -= 1;
    this.#messages -= 1;
  }
}
