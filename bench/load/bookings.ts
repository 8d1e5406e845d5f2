import { tripOfMany } from '../../test/e2e/support/trip.js';
import type { Answer } from './http-caller.js';

/** Of trips that are undone, one in so many: a fifth. */
const UNDONE_EVERY = 5;

/** A class of car of which there never is one: the hotel and the flight are cancelled. */
const SOLD_OUT = 'limousine';

/** Deals out `POST /bookings`, ready to be sent. No two are for the same trip, so that what is booked first is in nobody's way. */
export class Bookings {
  private next = 0;

  /** So many, of which every fifth can't be had if it is so wished. */
  take(count: number, { undone = false } = {}): Buffer[] {
    return Array.from({ length: count }, (_, index) =>
      requestFor(this.next++, undone && index % UNDONE_EVERY === 0),
    );
  }
}

/** The id of the booking that was accepted. @throws Error with the answer, if it is any other */
export function acceptedId({ status, body }: Answer): string {
  const [, id] = /"id":"([0-9a-f-]{36})"/.exec(body) ?? [];
  if (status !== 202 || !id) throw new Error(`POST /bookings was answered with ${status}: ${body}`);
  return id;
}

function requestFor(n: number, isUndone: boolean): Buffer {
  const trip = tripOfMany(n);
  if (isUndone) trip.car.carClass = SOLD_OUT;
  const body = Buffer.from(JSON.stringify(trip));
  const head = [
    'POST /bookings HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
