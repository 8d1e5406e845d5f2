import { eventually } from '@clew/testing';
import type { Transition } from './gateway.js';
import type { ShopParticipantName } from './app-process.js';
import type { RunningSystem } from './running-system.js';

/** The body of `POST /orders`. */
export interface OrderRequest {
  customerId: string;
  items: { sku: string; quantity: number }[];
  address: string;
  giftWrap?: { message: string };
}

/** An order, a return or an exchange. */
export interface ShopSaga {
  readonly id: string;
  readonly saga: string;
  readonly status: string;
  readonly order?: OrderRequest;
  readonly orderId?: string;
  readonly steps: readonly {
    readonly name: string;
    readonly status: string;
    readonly startedAt: string | null;
    readonly result: Readonly<Record<string, unknown>> | null;
  }[];
  readonly failure: { readonly step: string | null; readonly code: string } | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly links: Readonly<Record<string, string>>;
}

/** Two teapots for Ada, with some fields changed. */
export function orderRequest(changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    customerId: 'ada',
    items: [{ sku: 'TEAPOT', quantity: 2 }],
    address: '12 St James’s Square, London',
    ...changes,
  };
}

/** The shop as its callers know it, over HTTP; and its participants as auditors do. */
export class Shop {
  constructor(private readonly system: RunningSystem) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.system.gateway().get(path, headers);
  }

  post(path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.system.gateway().url}${path}`, {
      method: 'POST',
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });
  }

  /** Starts a saga; anything but 202 is an error. */
  async begin(path: string, body?: unknown): Promise<ShopSaga> {
    const response = await this.post(path, body);
    if (response.status !== 202) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    const begun = (await response.json()) as ShopSaga;
    if (response.headers.get('location') !== begun.links['self'])
      throw new Error(`POST ${path}: the Location is ${response.headers.get('location')}`);
    return begun;
  }

  place(changes: Partial<OrderRequest> = {}): Promise<ShopSaga> {
    return this.begin('/orders', orderRequest(changes));
  }

  read({ links }: ShopSaga): Promise<ShopSaga> {
    return this.system.gateway().json<ShopSaga>(links['self']!);
  }

  async history({ links }: ShopSaga): Promise<readonly Transition[]> {
    return (await this.system.gateway().json<{ items: Transition[] }>(links['history']!)).items;
  }

  /** Resolves with the saga once this is true of it. */
  until(saga: ShopSaga, isSo: (saga: ShopSaga) => boolean, what: string, within = 30_000): Promise<ShopSaga> {
    return eventually(
      async () => {
        const now = await this.read(saga);
        if (isSo(now)) return now;
        throw new Error(`it is ${now.status}: ${JSON.stringify(now.steps)}`);
      },
      { within, describe: `${what} of ${saga.links['self']}` },
    );
  }

  ended(saga: ShopSaga): Promise<ShopSaga> {
    return this.until(saga, ({ endedAt }) => endedAt !== null, 'the end');
  }

  async placeAndWait(changes: Partial<OrderRequest> = {}): Promise<ShopSaga> {
    return this.ended(await this.place(changes));
  }

  /** What a participant tells; the status of its answer when that is nothing. */
  async told<Told>(participant: ShopParticipantName, path: string): Promise<Told | number> {
    const response = await this.system.ask(participant, path);
    return response.ok ? ((await response.json()) as Told) : response.status;
  }

  /** The status of what each participant has for an order; of its answer when that is nothing. */
  async traces(id: string): Promise<(string | number)[]> {
    const status = async (participant: ShopParticipantName, path: string) => {
      const told = await this.told<{ status: string }>(participant, path);
      return typeof told === 'number' ? told : told.status;
    };
    return Promise.all([
      status('shop-stock', `/holds/${id}`),
      status('shop-payments', `/payments/${id}`),
      status('shop-delivery', `/deliveries/${id}`),
    ]);
  }

  async reserved(sku: string): Promise<number> {
    const told = await this.told<{ reserved: number }>('shop-stock', `/stock/${sku}`);
    return typeof told === 'number' ? NaN : told.reserved;
  }

  /** Cents of a customer: authorised and captured. */
  async owed(customerId: string): Promise<number[]> {
    const told = await this.told<{ authorisedCents: number; capturedCents: number }>(
      'shop-payments',
      `/accounts/${customerId}`,
    );
    return typeof told === 'number' ? [] : [told.authorisedCents, told.capturedCents];
  }

  /** Takes the carrier down, or up again. */
  async carrier(isUp: boolean): Promise<void> {
    await this.system.databases.rows('shop-delivery', 'UPDATE carrier SET is_up = $1', isUp);
  }
}
