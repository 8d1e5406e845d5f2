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

describe("the participants' users of the broker", () => {
  const users = (text?: string) =>
    readEnvironment(OrchestratorEnvironment, {
      DATABASE_URL: 'postgresql://localhost',
      AMQP_URL: 'amqp://localhost',
      CLEW_PARTICIPANT_USERS: text,
    }).CLEW_PARTICIPANT_USERS;

  it('are read by participant, and there are none unless it is said', () => {
    expect(users()).toEqual({});
    expect(users('flights=clew-flights, shop-stock=stock')).toEqual({
      flights: 'clew-flights',
      'shop-stock': 'stock',
    });
  });

  it.each(['flights', 'flights=', '=clew-flights', 'Flights=a', 'flights=a,', 'flights=a=b', 'flights=a b'])(
    'are refused with a sentence when they are %s',
    (text) => {
      expect(() => users(text)).toThrow(
        /^CLEW_PARTICIPANT_USERS must be participants with their users of the broker, like .*\.$/,
      );
    },
  );

  it('are refused when a participant has two', () => {
    expect(() => users('flights=a,flights=b')).toThrow(
      'CLEW_PARTICIPANT_USERS must name one user for flights, not several.',
    );
  });
});
