import { PrismaPg } from '@prisma/adapter-pg';
import fc from 'fast-check';
import { describeBothKinds } from '../../../../test/support/both-kinds.js';
import { PrismaClient, type Prisma } from '../database/client/client.js';
import { CancelFlightHandler } from './cancel-flight.handler.js';
import { CancelOneFlightHandler } from './cancel-one-flight.fixture.js';
import { ReserveFlightHandler } from './reserve-flight.handler.js';
import { ReserveOneFlightHandler } from './reserve-one-flight.fixture.js';

const DAYS = ['2027-05-01', '2027-05-02', '2027-05-03', '2027-05-04'];

describeBothKinds({
  participant: 'flights',
  step: 'flight',
  clientOf: (connectionString) =>
    new PrismaClient({
      adapter: new PrismaPg({ connectionString }),
      transactionOptions: { maxWait: 30_000, timeout: 30_000 },
    }),
  payload: fc.record({
    flightNumber: fc.constantFrom('T1', 'T2', 'T3'),
    date: fc.constantFrom('2027-05-01', '2027-05-02', '2027-06-01'),
    seats: fc.integer({ min: 1, max: 4 }),
  }),
  fill: (database) =>
    database.flightInventory.createMany({
      data: ['T1', 'T2'].flatMap((flightNumber) =>
        DAYS.map((date) => ({ flightNumber, date: new Date(date), capacity: 4 })),
      ),
    }),
  takenIn: async (transaction: Prisma.TransactionClient) => {
    const rows = await transaction.flightInventory.findMany({
      orderBy: [{ flightNumber: 'asc' }, { date: 'asc' }],
    });
    return rows.map(({ reserved }) => reserved);
  },
  reserveMany: (commands, transaction) => new ReserveFlightHandler().reserve(commands, transaction),
  cancelMany: (commands, transaction) => new CancelFlightHandler().cancel(commands, transaction),
  reserveOne: (payload, context, transaction) =>
    new ReserveOneFlightHandler().reserve(payload, context, transaction),
  cancelOne: (context, transaction) => new CancelOneFlightHandler().cancel(context, transaction),
});
