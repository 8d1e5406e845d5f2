import { expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import type { RunningSystem } from './running-system.js';

export interface ListedLetter {
  readonly id: string;
  readonly queue: string;
  readonly reason: string;
  readonly parkedAt: string | null;
  readonly messageId: string | null;
  readonly correlationId: string | null;
  readonly type: string | null;
  readonly returns: number;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly payload: string;
  readonly encoding: string;
}

export interface Listing {
  readonly items: readonly ListedLetter[];
  readonly counts: Readonly<Record<string, number>>;
}

export interface Moved {
  readonly dryRun: boolean;
  readonly matched: number;
  readonly done: number;
  readonly left: number;
  readonly letters: readonly { readonly id: string; readonly messageId: string | null }[];
}

/** `/operations/dead-letters` as operators use it. */
export class DeadLetterDesk {
  constructor(
    private readonly system: RunningSystem,
    private readonly key: string,
  ) {}

  get(query = '', key = this.key): Promise<Response> {
    return this.system.gateway().get(`/operations/dead-letters${query}`, { authorization: `Bearer ${key}` });
  }

  post(action: 'redrive' | 'discard', body: object, key = this.key): Promise<Response> {
    return fetch(`${this.system.gateway().url}/operations/dead-letters/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
  }

  async list(query = ''): Promise<Listing> {
    const response = await this.get(query);
    expect(response.status).toBe(200);
    return (await response.json()) as Listing;
  }

  async move(action: 'redrive' | 'discard', body: object): Promise<Moved> {
    const response = await this.post(action, body);
    expect({ status: response.status, body: await response.clone().text() }).toMatchObject({ status: 200 });
    return (await response.json()) as Moved;
  }

  /** Resolves when a queue has so many dead letters, with those. */
  async untilParked(queue: string, count: number): Promise<readonly ListedLetter[]> {
    return eventually(
      async () => {
        const { items, counts } = await this.list(`?queue=${queue}&limit=200`);
        // The two are looked up one after the other.
        if (counts[queue] === count && items.length === Math.min(count, 200)) return items;
        throw new Error(JSON.stringify(counts));
      },
      { within: 15_000, every: 100, describe: `${count} dead letters of ${queue}` },
    );
  }
}
