import { createHash } from 'node:crypto';
import type { Environment } from './app-process.js';
import type { Booking } from './gateway.js';
import { trip } from './trip.js';

export const keyOf = (name: string) => `clewkey_of-${name}-0123456789`;
export const hashOf = (name: string) => createHash('sha256').update(keyOf(name)).digest('hex');

/** Variables that give each of these names a key. */
export function keysOf(callers: readonly string[], operators: readonly string[]): Environment {
  const entries = [
    ...callers.map((name) => `${name}:${hashOf(name)}`),
    ...operators.map((name) => `${name}:${hashOf(name)}:operator`),
  ];
  return { CLEW_API_KEYS: entries.join() };
}

export interface Call {
  /** Whose key it bears; nobody's if not said. */
  readonly as?: string;
  readonly method?: string;
  /** Sent as it is, if it is text. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The gateway as it is for those who have keys. */
export class Callers {
  constructor(private readonly url: string) {}

  call(path: string, { as, method = 'GET', body, headers }: Call = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(as && { authorization: `Bearer ${keyOf(as)}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  /** How often which status comes when the same call is made so many times, some at once. */
  async statusesOf(count: number, path: string, request: Call): Promise<Record<number, number>> {
    const counts: Record<number, number> = {};
    for (let left = count; left > 0; left -= 20) {
      const size = Math.min(left, 20);
      const answers = await Promise.all(Array.from({ length: size }, () => this.call(path, request)));
      for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  }

  /** Books; anything but 202 is an error. */
  async book(as: string, body: unknown = trip()): Promise<Booking> {
    const response = await this.call('/bookings', { as, method: 'POST', body });
    if (response.status !== 202)
      throw new Error(`POST /bookings: ${response.status} ${await response.text()}`);
    return (await response.json()) as Booking;
  }

  /** Every call that the gateway says there is, but for the open ones, with this for an id. */
  async documentedCalls(id: string): Promise<[method: string, path: string][]> {
    const { paths } = (await (await this.call('/docs-json')).json()) as { paths: Record<string, object> };
    return Object.entries(paths)
      .filter(([path]) => !/^\/(health|metrics)/.test(path))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method): [string, string] => [
          method.toUpperCase(),
          path.replace('{id}', id),
        ]),
      );
  }
}
