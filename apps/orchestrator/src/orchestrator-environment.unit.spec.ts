import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '@clew/service';
import { OrchestratorEnvironment } from './orchestrator-environment.js';

const read = (hours?: string) =>
  readEnvironment(OrchestratorEnvironment, {
    DATABASE_URL: 'postgresql://localhost',
    AMQP_URL: 'amqp://localhost',
    CLEW_SAGA_RETENTION_HOURS: hours,
  }).CLEW_SAGA_RETENTION_HOURS;

describe('how long the orchestrator keeps sagas', () => {
  it('is 30 days, or what is said, or for ever', () => {
    expect([read(), read('48'), read('forever')]).toEqual([720, 48, Infinity]);
  });

  it.each(['47', '0', 'never'])('is refused with a sentence when it is %s', (hours) => {
    expect(() => read(hours)).toThrow(/^CLEW_SAGA_RETENTION_HOURS must be a whole number from 48 to .*\.$/);
  });
});
