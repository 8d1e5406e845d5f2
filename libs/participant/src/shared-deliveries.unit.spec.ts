import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '@clew/broker';
import { SharedDeliveries } from './shared-deliveries.js';

const delivery = () => ({}) as Delivery;

describe('a delivery that has brought several commands', () => {
  it('is over with the last of them', () => {
    const [shared, one] = [new SharedDeliveries(), delivery()];
    shared.expect(one, 3);
    expect(shared.settle([one])).toEqual([]);
    expect(shared.settle([one, one])).toEqual([one]);
  });

  it('is parked once, and not acked for its other commands', () => {
    const [shared, one] = [new SharedDeliveries(), delivery()];
    shared.expect(one, 3);
    expect(shared.spoil([one])).toEqual([one]);
    expect(shared.spoil([one])).toEqual([]);
    expect(shared.settle([one])).toEqual([]);
  });

  it('is forgotten with its subscription', () => {
    const [shared, one] = [new SharedDeliveries(), delivery()];
    shared.expect(one, 2);
    shared.forgetAll();
    expect(shared.settle([one])).toEqual([one]);
  });
});

describe('a delivery with one command', () => {
  it('is over with it', () => {
    const [shared, one] = [new SharedDeliveries(), delivery()];
    shared.expect(one, 1);
    expect(shared.settle([one])).toEqual([one]);
  });

  it('is parked with it', () => {
    const [shared, one] = [new SharedDeliveries(), delivery()];
    shared.expect(one, 1);
    expect(shared.spoil([one])).toEqual([one]);
  });
});
