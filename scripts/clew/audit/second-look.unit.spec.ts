import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpApi } from '../http-api.js';
import { BooksOfAParticipant } from './books-of-a-participant.js';
import { SecondLook } from './second-look.js';

const id = '0192f0c1-2b3c-7d4e-8f90-123456789abc';
const seats = { id: 'r1', bookingId: id, step: 'flight', what: 'seats', quantity: 1, regarding: null };

/** A gateway and a participant in one, that says what it is told to say. */
let server: Server;
/** A saga for each time it is asked for; the last one for ever. */
let sagas: { status: string; flight: string }[];
let rows: object[];
let look: SecondLook;

beforeEach(async () => {
  server = createServer((request, response) => {
    const found = answerTo(request.url!);
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const flights = new BooksOfAParticipant('flights', new HttpApi(url, 'flights', undefined));
  look = new SecondLook(new HttpApi(url, 'The gateway', undefined), [flights]);
  rows = [];
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function answerTo(path: string): object | undefined {
  if (path.startsWith('/audit/')) return { items: rows, nextAfter: null };
  if (path.endsWith('/history')) return { items: [] };
  if (!path.startsWith('/bookings/')) return undefined;
  const now = sagas.length > 1 ? sagas.shift() : sagas[0];
  if (!now) return undefined;
  const steps = [{ name: 'flight', status: now.flight }];
  return { id, saga: 'trip-booking', status: now.status, steps, updatedAt: `${now.status} ${now.flight}` };
}

describe('a second look', () => {
  it('confirms what is wrong with a saga that stands still', async () => {
    sagas = [{ status: 'STUCK', flight: 'SUCCEEDED' }];
    const { findings } = await look.at(id);
    expect(findings).toMatchObject([{ kind: 'missing', bookingId: id, participant: 'flights' }]);
  });

  it('says nothing of a saga that moved while its reservations were read', async () => {
    sagas = [
      { status: 'STUCK', flight: 'SUCCEEDED' },
      { status: 'COMPENSATING', flight: 'COMPENSATING' },
      { status: 'COMPENSATED', flight: 'COMPENSATED' },
    ];
    expect(await look.at(id)).toEqual({ findings: [], notes: [] });
  });

  it('confirms what is held for a saga that was never begun, and only what is held', async () => {
    sagas = [];
    rows = [{ ...seats, status: 'CANCELLED' }];
    expect((await look.at(id)).findings).toEqual([]);
    rows = [{ ...seats, status: 'RESERVED' }];
    expect((await look.at(id)).findings).toMatchObject([{ kind: 'orphan', bookingId: id }]);
  });
});
