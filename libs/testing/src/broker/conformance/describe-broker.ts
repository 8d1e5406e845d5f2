import { afterEach, beforeEach, describe, jest } from '@jest/globals';
import { BrokerBench } from './broker-bench.js';
import type { BrokerUnderTest } from './broker-under-test.js';
import { consuming } from './consuming.js';
import { deadLetters } from './dead-letters.js';
import { outages } from './outages.js';
import { parking } from './parking.js';
import { publishing } from './publishing.js';
import { topics } from './topics.js';

/**
 * Whether a broker keeps the promises of the port, one test for each. To be called in a spec file.
 *
 * @param open opens the broker anew, before each test
 */
export function describeBroker(name: string, open: () => BrokerUnderTest | Promise<BrokerUnderTest>): void {
  jest.setTimeout(60_000);

  describe(`${name} as a broker`, () => {
    let bench: BrokerBench;
    beforeEach(async () => {
      bench = new BrokerBench(await open());
    });
    afterEach(async () => {
      await bench.close();
      await bench.subject.close();
    });

    describe('publishing', () => publishing(() => bench));
    describe('topics', () => topics(() => bench));
    describe('consuming', () => consuming(() => bench));
    describe('parking', () => parking(() => bench));
    describe('dead letters', () => deadLetters(() => bench));
    describe('in an outage', () => outages(() => bench));
  });
}
