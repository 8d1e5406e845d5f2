/**
 * What every process of a peer has in common: it says when it is ready, makes load when it is told to, and ends with whoever
 * started it.
 */
import { performance } from 'node:perf_hooks';

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
      process.send({ loaded: await closedLoop(book, load) });
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
    while (next < count) {
      const n = next++;
      const isUndone = undone && n % UNDONE_EVERY === 0;
      const begunAt = performance.now();
      const status = await book(first + n, isUndone);
      latencies.push(performance.now() - begunAt);
      if (status !== (isUndone ? 'COMPENSATED' : 'COMPLETED'))
        throw new Error(`Trip ${n} ended as ${status}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, bookOneByOne));
  return { seconds: (performance.now() - startedAt) / 1_000, latencies };
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
