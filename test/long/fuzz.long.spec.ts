import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { shopApps, tripApps } from '../e2e/support/app-process.js';
import { expectWithstood, fuzzSeed } from '../e2e/support/fuzz/expect-withstood.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';

const OPERATOR_KEY = 'fuzz-operator-key';

describe('fifty thousand odd requests', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    const orchestrator = { CLEW_OPERATOR_KEY: OPERATOR_KEY };
    const apps = [...new Set([...tripApps, ...shopApps])];
    system = await RunningSystem.start({ apps, environment: { orchestrator } });
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  it('are answered as documented, crash nothing, and begin no saga that nobody was told of', async () => {
    const requests = Number(process.env['CLEW_FUZZ_REQUESTS'] ?? 50_000);
    const options = { requests, concurrency: 32, seed: fuzzSeed(), operatorKey: OPERATOR_KEY };
    const { begun, statuses } = await expectWithstood(system, options);
    expect(begun.size).toBeGreaterThan(requests / 1_000);
    expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '202', '400', '401', '404', '415']));
    await system.untilAllEnded(begun.size, 120_000);
  }, 900_000);
});
