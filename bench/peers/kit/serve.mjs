/**
 * What every process of a peer has in common: it says when it is ready, makes load when it is told to, and ends with whoever
 * started it.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** One saga in so many is refused its car, if some are to be undone. */
const UNDONE_EVERY = 5;

/**
 * @param {(n: number, isUndone: boolean) => Promise<'COMPLETED' | 'COMPENSATED'>} [book] books trip number `n` and resolves
 *   once it has ended; only the process that takes bookings has one
 */
export function serve(book) {
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (load) => {
    try {
      process.send({ loaded: await (load.perSecond ? openLoop : closedLoop)(book, load) });
    } catch (error) {
      process.send({ failed: error.stack ?? String(error) });
    }
  });
  process.send({ ready: true });
}

/** Begins the next saga whenever one ends. */
async function closedLoop(book, { first, count, inFlight, undone }) {
  const latencies = [];
  const startedAt = performance.now();
  let next = 0;
  const bookOneByOne = async () => {
    while (next < count) latencies.push(await bookOne(book, first, next++, undone, performance.now()));
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, bookOneByOne));
  return { seconds: (performance.now() - startedAt) / 1_000, latencies };
}

/** Begins sagas at a fixed rate, whether the others have ended or not. */
async function openLoop(book, { first, count, undone, perSecond }) {
  const startedAt = performance.now();
  const sagas = [];
  for (let n = 0; n < count; n++) {
    const dueAt = startedAt + (n * 1_000) / perSecond;
    const early = dueAt - performance.now();
    if (early > 0) await delay(early);
    sagas.push(bookOne(book, first, n, undone, dueAt));
  }
  const latencies = await Promise.all(sagas);
  return { seconds: (performance.now() - startedAt) / 1_000, latencies };
}

/** Resolves with the milliseconds until it had ended since it was due. */
async function bookOne(book, first, n, undone, dueAt) {
  const isUndone = undone && n % UNDONE_EVERY === 0;
  const status = await book(first + n, isUndone);
  if (status !== (isUndone ? 'COMPENSATED' : 'COMPLETED')) throw new Error(`Trip ${n} ended as ${status}`);
  return performance.now() - dueAt;
}

/** Trip number `n` as every peer books it: small, and the same for all. */
export function tripOf(n, isUndone) {
  return {
    traveller: `Traveller ${n}`,
    flight: { number: `CL${100 + (n % 50)}`, seats: 1 },
    hotel: { id: `HOTEL-${1 + (n % 50)}`, rooms: 1 },
    car: { location: 'JFK', carClass: isUndone ? 'limousine' : 'compact' },
  };
}

/** Whether what a participant is asked for can't be had. */
export function isSoldOut(participant, trip) {
  return participant === 'car' && trip.car.carClass === 'limousine';
}

/** The environment that the bench gives to each process of a peer. */
export const { PEER_DATABASE_URL, PEER_AMQP_URL, PEER_NAME, PEER_QUEUE_TYPE } = process.env;
