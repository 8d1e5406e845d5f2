import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICIES, isGivenUp, patience, policyOf, stepNamed, stepsOf } from './definition.js';
import { policyFlaw } from './policy-flaw.js';
import { signatureOf } from './signature.js';
import { paidTrip, trip } from './example-sagas.fixture.js';

describe('patience', () => {
  const policy = { timeoutMs: 100, maxTimeoutMs: 1_000, backoff: 3, jitter: 0, attempts: 5 };

  it('grows with every attempt up to the longest wait', () => {
    expect([1, 2, 3, 4].map((attempt) => patience(policy, attempt))).toEqual([100, 300, 900, 1_000]);
  });

  it('stays at the longest wait however often a command has been repeated', () => {
    expect(patience(policy, 100_000)).toBe(1_000);
  });

  it('never exceeds the longest wait, not even at first', () => {
    expect(patience({ ...policy, maxTimeoutMs: 50 }, 1)).toBe(50);
  });
});

describe('the policy of a step', () => {
  const flight = stepNamed(trip, 'flight');

  it('is the default where the step says nothing', () => {
    expect(policyOf(flight, 'action', DEFAULT_POLICIES)).toEqual(DEFAULT_POLICIES.action);
  });

  it('is its own for one direction and the default for the rest', () => {
    const patient = { ...flight, policies: { compensation: { attempts: 50 } } };
    const { action, compensation } = DEFAULT_POLICIES;
    expect(policyOf(patient, 'compensation', DEFAULT_POLICIES)).toEqual({ ...compensation, attempts: 50 });
    expect(policyOf(patient, 'action', DEFAULT_POLICIES)).toEqual(action);
  });
});

describe('the policy of a child saga', () => {
  const child = { ...stepNamed(trip, 'flight'), child: trip };

  it('is more patient than the default, and yields to its own', () => {
    const { action } = DEFAULT_POLICIES;
    const patient = { ...action, timeoutMs: 30_000, maxTimeoutMs: 3_600_000 };
    expect(policyOf(child, 'action', DEFAULT_POLICIES)).toEqual(patient);
    const own = { ...child, policies: { action: { timeoutMs: 5, maxTimeoutMs: undefined } } };
    expect(policyOf(own, 'action', DEFAULT_POLICIES)).toEqual({ ...patient, timeoutMs: 5 });
  });

  it('never gives an action up, as little as that of a pivot or a retriable step', () => {
    expect(isGivenUp(child)).toBe(false);
    expect(stepsOf(paidTrip).filter(isGivenUp)).toEqual([stepNamed(paidTrip, 'flight')]);
  });
});

describe('a flaw in a policy', () => {
  it.each([
    [{ jitter: -0.1 }, 'jitter must be a number from 0 to 1'],
    [{ jitter: 1.1 }, 'jitter must be a number from 0 to 1'],
    [{ jitter: Number.NaN }, 'jitter must be a number from 0 to 1'],
    [{ backoff: Infinity }, 'backoff must be a number from 1'],
    [{ backoff: 0.99 }, 'backoff must be a number from 1'],
    [{ timeoutMs: 0 }, 'timeoutMs must be whole milliseconds, up to 24 days'],
    [{ maxTimeoutMs: 1.5 }, 'maxTimeoutMs must be whole milliseconds, up to 24 days'],
    [{ attempts: 1.5 }, 'attempts must be a whole number from 1'],
    [{ attempts: 2 ** 31 }, 'attempts must be a whole number from 1'],
  ])('is said: %j', (policy, flaw) => {
    expect(policyFlaw(policy)).toBe(flaw);
  });

  it.each([
    {},
    { jitter: 0 },
    { jitter: 1 },
    { backoff: 1, timeoutMs: 1, maxTimeoutMs: 2 ** 31 - 1, attempts: 1 },
    DEFAULT_POLICIES.action,
    DEFAULT_POLICIES.compensation,
  ])('is none in %j', (policy) => {
    expect(policyFlaw(policy)).toBeUndefined();
  });
});

describe('the steps of a definition', () => {
  it('come in the order of the definition', () => {
    expect(stepsOf(trip).map(({ name }) => name)).toEqual(['flight', 'hotel', 'car']);
  });

  it('are fresh for every caller, so that nobody can turn the definition round', () => {
    stepsOf(trip).reverse();
    expect(stepsOf(trip)[0]?.name).toBe('flight');
  });

  it('are found by name, or it is a bug that says so', () => {
    expect(stepNamed(paidTrip, 'payment').kind).toBe('pivot');
    expect(() => stepNamed(trip, 'submarine')).toThrow('Saga trip v1 has no step "submarine"');
  });
});

describe('the signature of a definition', () => {
  const stages = trip.stages;

  it('stays when only policies or payloads change', () => {
    const changed = stages.map((stage) =>
      stage.map((step) => ({
        ...step,
        policies: { action: { attempts: 9 } },
        payload: () => ({ other: 1 }),
      })),
    );
    expect(signatureOf({ ...trip, stages: changed })).toBe(signatureOf(trip));
  });

  it('changes with the order, the grouping, the kinds and the commands', () => {
    const [flight, group] = [stages[0]!, stages[1]!];
    const variants = [
      [group, flight],
      [flight, ...group.map((step) => [step])],
      [flight, [...group].reverse()],
      [flight],
      [flight.map((step) => ({ ...step, kind: 'pivot' as const })), group],
      [flight.map((step) => ({ ...step, name: 'plane' })), group],
      [flight.map((step) => ({ ...step, action: group[0]!.action })), group],
      [flight.map((step) => ({ ...step, compensation: group[0]!.compensation })), group],
    ];
    const signatures = [trip, ...variants.map((changed) => ({ ...trip, stages: changed }))].map(signatureOf);
    expect(new Set(signatures).size).toBe(signatures.length);
  });
});
