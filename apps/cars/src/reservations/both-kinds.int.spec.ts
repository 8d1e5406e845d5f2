import { PrismaPg } from '@prisma/adapter-pg';
import fc from 'fast-check';
import { describeBothKinds } from '../../../../test/support/both-kinds.js';
import { PrismaClient, type Prisma } from '../database/client/client.js';
import { CancelCarHandler } from './cancel-car.handler.js';
import { CancelOneCarHandler } from './cancel-one-car.fixture.js';
import { ReserveCarHandler } from './reserve-car.handler.js';
import { ReserveOneCarHandler } from './reserve-one-car.fixture.js';

const DAYS = ['2027-05-01', '2027-05-02', '2027-05-03', '2027-05-04'];

describeBothKinds({
  participant: 'cars',
  step: 'car',
  clientOf: (connectionString) =>
    new PrismaClient({
      adapter: new PrismaPg({ connectionString }),
      transactionOptions: { maxWait: 30_000, timeout: 30_000 },
    }),
  payload: fc
    .record({
      location: fc.constantFrom('T1', 'T1', 'T2'),
      carClass: fc.constantFrom('compact', 'van'),
      from: fc.integer({ min: 1, max: 4 }),
      nights: fc.integer({ min: 0, max: 2 }),
    })
    .map(({ location, carClass, from, nights }) => ({
      location,
      carClass,
      pickUp: `2027-05-0${from}`,
      dropOff: `2027-05-0${from + nights}`,
    })),
  fill: (database) =>
    database.carInventory.createMany({
      data: ['compact', 'van'].flatMap((carClass) =>
        DAYS.map((day) => ({ location: 'T1', carClass, day: new Date(day), capacity: 4 })),
      ),
    }),
  takenIn: async (transaction: Prisma.TransactionClient) => {
    const rows = await transaction.carInventory.findMany({ orderBy: [{ carClass: 'asc' }, { day: 'asc' }] });
    return rows.map(({ reserved }) => reserved);
  },
  reserveMany: (commands, transaction) => new ReserveCarHandler().reserve(commands, transaction),
  cancelMany: (commands, transaction) => new CancelCarHandler().cancel(commands, transaction),
  reserveOne: (payload, context, transaction) =>
    new ReserveOneCarHandler().reserve(payload, context, transaction),
  cancelOne: (context, transaction) => new CancelOneCarHandler().cancel(context, transaction),
});
