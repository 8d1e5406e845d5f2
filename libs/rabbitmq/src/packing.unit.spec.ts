import { describe, expect, it } from '@jest/globals';
import type { OutgoingMessage } from '@clew/broker';
import { batch, message } from './broker-specs.fixture.js';
import { fateOf, isPack, Packing, type Pack } from './packing.js';

const sizesOf = (parcels: readonly object[]) =>
  parcels.map((parcel) => (isPack(parcel) ? parcel.packs.length : 1));

describe('packing', () => {
  it('puts what goes to one queue together, and leaves alone what is alone', () => {
    const packing = new Packing(100);
    const [flights, car, fact] = [
      batch(3),
      message({ destination: 'cars.commands' }),
      message({ destination: 'trip.flight.succeeded', topic: true }),
    ] as const;
    const parcels = packing.parcelsOf([flights[0]!, car, flights[1]!, fact, flights[2]!]);
    expect(parcels).toContain(car);
    expect(parcels).toContain(fact);
    const [pack, ...others] = parcels.filter(isPack);
    expect(others).toEqual([]);
    expect(pack).toMatchObject({ destination: 'flights.commands.packs', packs: flights });
  });

  it('keeps topics out, however many', () => {
    const facts = batch(5, { topic: true });
    expect(new Packing(100).parcelsOf(facts)).toEqual(facts);
  });

  it('bounds packs in number and bytes', () => {
    expect(sizesOf(new Packing(100).parcelsOf(batch(250)))).toEqual([100, 100, 50]);
    expect(sizesOf(new Packing(1).parcelsOf(batch(3)))).toEqual([1, 1, 1]);
    const long = batch(5, { payload: 'x'.repeat(30_000) });
    expect(sizesOf(new Packing(100).parcelsOf(long))).toEqual([2, 2, 1]);
  });

  it('sends plain messages for a while where packs came back', () => {
    const packing = new Packing(100);
    const sent = [...batch(2), ...batch(2, { destination: 'cars.commands' })];
    packing.refused(
      packing
        .parcelsOf(sent)
        .filter((parcel): parcel is Pack => isPack(parcel))
        .slice(0, 1),
    );
    expect(sizesOf(packing.parcelsOf(sent))).toEqual([1, 1, 2]);
  });

  it('tells the fate of each message, in the order in which they were given', () => {
    const sent = batch(4);
    const [a, b, c, d] = sent as [OutgoingMessage, OutgoingMessage, OutgoingMessage, OutgoingMessage];
    const pack: Pack = { destination: 'q.packs', messageId: 'p', packs: [c, a] };
    expect(fateOf(sent, { confirmed: [pack], returned: [d], failed: [] })).toEqual({
      confirmed: [a, c],
      returned: [d],
      failed: [b],
    });
  });
});
