import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Trip } from './trip.js';

/** What a booking was answered with. */
export interface RushAnswer {
  readonly status: number;
  readonly retryAfter: number;
  readonly body: { readonly id: string; readonly detail?: string };
  /** How long it took. */
  readonly ms: number;
}

/** Books over connections that are kept, so many at a time, and with as little effort of its own as can be. */
export class BookingRush {
  private readonly agent: Agent;
  private readonly connections: Socket[] = [];

  constructor(
    private readonly url: string,
    private readonly atATime: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: atATime });
  }

  /** Opens all connections beforehand: the kernel keeps only so many who knock at the same time. */
  async connect(): Promise<void> {
    const { port, hostname } = new URL(this.url);
    const open = () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect(Number(port), hostname, resolve).once('error', reject);
        this.connections.push(socket);
      });
    while (this.connections.length < this.atATime)
      await Promise.all(Array.from({ length: Math.min(200, this.atATime - this.connections.length) }, open));
    Object.assign(this.agent, {
      createConnection: () => this.connections.pop() ?? connect(Number(port), hostname),
    });
  }

  /** Books once, at most once for a key if one is given. Rejects when there is no answer within 30 s. */
  book(trip: Trip, key?: string): Promise<RushAnswer> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const asking = request(
        `${this.url}/bookings`,
        {
          method: 'POST',
          agent: this.agent,
          headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
          signal: AbortSignal.timeout(30_000),
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode!,
              retryAfter: Number(response.headers['retry-after']),
              body: JSON.parse(text) as RushAnswer['body'],
              ms: performance.now() - startedAt,
            }),
          );
        },
      );
      asking.on('error', reject);
      asking.end(JSON.stringify(trip));
    });
  }

  /** Books one after the other in as many rows as there are connections, until `next` gives no more. */
  async bookWhile(next: () => Trip | undefined, heard: (answer: RushAnswer) => void): Promise<void> {
    const row = async (): Promise<void> => {
      for (let trip = next(); trip; trip = next()) heard(await this.book(trip));
    };
    await Promise.all(Array.from({ length: this.atATime }, row));
  }

  close(): void {
    this.agent.destroy();
  }
}
