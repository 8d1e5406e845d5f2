import type { HttpApi } from '../http-api.js';

/** A row of `GET /audit/reservations`, and whose it is. */
export interface Reservation {
  readonly participant: string;
  readonly id: string;
  readonly bookingId: string;
  readonly step: string;
  readonly what: string;
  readonly status: string;
  readonly quantity: number;
  readonly regarding: string | null;
  readonly createdAt: string;
}

/** The answer to `GET /audit/inventory`. */
export interface Inventory {
  readonly at: string;
  readonly checked: number;
  readonly drift: readonly {
    readonly what: string;
    readonly counted: number;
    readonly recorded: number | null;
  }[];
}

interface Page {
  readonly items: readonly Omit<Reservation, 'participant'>[];
  readonly nextAfter: string | null;
}

/** About as many as a page of sagas has. */
const PAGE = 250;

/** A participant's reservations and counters, read over HTTP. */
export class BooksOfAParticipant {
  constructor(
    readonly name: string,
    private readonly api: HttpApi,
  ) {}

  inventory(): Promise<Inventory> {
    return this.api.get<Inventory>('/audit/inventory');
  }

  /** What was reserved for a saga, and by others on its account. */
  async of(sagaId: string): Promise<Reservation[]> {
    const { items } = await this.api.get<Page>(`/audit/reservations?of=${sagaId}`);
    return this.named(items);
  }

  /** Pages of the reservations of sagas whose ids are above `low` and not above `high`. */
  async *between(low: string | undefined, high: string | undefined): AsyncGenerator<Reservation[]> {
    let after: string | null = low ?? null;
    do {
      const query: string = `limit=${PAGE}${after ? `&after=${after}` : ''}`;
      const { items, nextAfter }: Page = await this.api.get<Page>(`/audit/reservations?${query}`);
      const within = high === undefined ? items : items.filter(({ bookingId }) => bookingId <= high);
      yield this.named(within);
      after = within.length < items.length ? null : nextAfter;
    } while (after);
  }

  private named(items: Page['items']): Reservation[] {
    return items.map((item) => ({ participant: this.name, ...item }));
  }
}
