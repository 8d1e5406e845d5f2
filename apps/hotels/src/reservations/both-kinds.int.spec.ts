import { PrismaPg } from '@prisma/adapter-pg';
import fc from 'fast-check';
import { describeBothKinds } from '../../../../test/support/both-kinds.js';
import { PrismaClient, type Prisma } from '../database/client/client.js';
import { CancelHotelHandler } from './cancel-hotel.handler.js';
import { CancelOneHotelHandler } from './cancel-one-hotel.fixture.js';
import { ReserveHotelHandler } from './reserve-hotel.handler.js';
import { ReserveOneHotelHandler } from './reserve-one-hotel.fixture.js';

const DAYS = ['2027-05-01', '2027-05-02', '2027-05-03', '2027-05-04'];

describeBothKinds({
  participant: 'hotels',
  step: 'hotel',
  clientOf: (connectionString) =>
    new PrismaClient({
      adapter: new PrismaPg({ connectionString }),
      transactionOptions: { maxWait: 30_000, timeout: 30_000 },
    }),
  payload: fc
    .record({
      hotelId: fc.constantFrom('T1', 'T2', 'T3'),
      from: fc.integer({ min: 1, max: 4 }),
      nights: fc.integer({ min: 1, max: 3 }),
      rooms: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ hotelId, from, nights, rooms }) => ({
      hotelId,
      checkIn: `2027-05-0${from}`,
      checkOut: `2027-05-0${from + nights}`,
      rooms,
    })),
  fill: (database) =>
    database.hotelInventory.createMany({
      data: ['T1', 'T2'].flatMap((hotelId) =>
        DAYS.map((night) => ({ hotelId, night: new Date(night), capacity: 4 })),
      ),
    }),
  takenIn: async (transaction: Prisma.TransactionClient) => {
    const rows = await transaction.hotelInventory.findMany({
      orderBy: [{ hotelId: 'asc' }, { night: 'asc' }],
    });
    return rows.map(({ reserved }) => reserved);
  },
  reserveMany: (commands, transaction) => new ReserveHotelHandler().reserve(commands, transaction),
  cancelMany: (commands, transaction) => new CancelHotelHandler().cancel(commands, transaction),
  reserveOne: (payload, context, transaction) =>
    new ReserveOneHotelHandler().reserve(payload, context, transaction),
  cancelOne: (context, transaction) => new CancelOneHotelHandler().cancel(context, transaction),
});
