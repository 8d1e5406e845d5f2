import { eventually } from '@clew/testing';
import type { Trip } from './trip.js';

export interface Step {
  readonly name: string;
  readonly status: string;
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly result: { readonly reservationId: string } | null;
  readonly rejection: { readonly code: string; readonly message: string } | null;
}

export interface Booking {
  readonly id: string;
  readonly saga: string;
  readonly version: number;
  readonly coordination: string;
  readonly status: string;
  readonly trip: Trip;
  readonly steps: readonly Step[];
  readonly failure: { readonly step: string; readonly code: string; readonly message: string } | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly endedAt: string | null;
  readonly links: Readonly<Record<string, string>>;
}

export interface Transition {
  readonly sequence: number;
  readonly revision: number;
  readonly at: string;
  readonly type: string;
  readonly step: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly messageId: string | null;
  readonly cause: { readonly kind: string; readonly messageId: string | null };
}

export interface Page {
  readonly items: readonly Booking[];
  readonly nextCursor: string | null;
}

/** The booking gateway as its callers know it: HTTP and JSON. */
export class Gateway {
  constructor(readonly url: string) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers });
  }

  /** `POST /bookings` with a body that is sent as it is, if it is text. */
  post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/bookings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Books; anything but 202 is an error. */
  async book(trip: Trip): Promise<Booking> {
    const response = await this.post(trip);
    if (response.status !== 202)
      throw new Error(`POST /bookings: ${response.status} ${await response.text()}`);
    return (await response.json()) as Booking;
  }

  async booking(id: string): Promise<Booking> {
    return this.json<Booking>(`/bookings/${id}`);
  }

  async untilEnded(id: string, within = 20_000): Promise<Booking> {
    return eventually(
      async () => {
        const booking = await this.booking(id);
        if (booking.status === 'COMPLETED' || booking.status === 'COMPENSATED') return booking;
        throw new Error(`it is ${booking.status}: ${JSON.stringify(booking.steps)}`);
      },
      { within, describe: `the end of booking ${id}` },
    );
  }

  async bookAndWait(trip: Trip): Promise<Booking> {
    return this.untilEnded((await this.book(trip)).id);
  }

  /** Every booking there is, newest first, read page by page. */
  async allBookings(): Promise<Booking[]> {
    const bookings: Booking[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await this.json<Page>(`/bookings?limit=100${cursor ? `&cursor=${cursor}` : ''}`);
      bookings.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return bookings;
  }

  async json<Body>(path: string): Promise<Body> {
    const response = await this.get(path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }
}
