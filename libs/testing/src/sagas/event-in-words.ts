import type { SagaEvent } from '@clew/saga/core';

/** An event as one short line for people: its type, whom it is about, and why. */
export function eventInWords(event: SagaEvent): string {
  const { type, ...rest } = event;
  const words = [
    type,
    'step' in rest && rest.step,
    'direction' in rest && rest.direction,
    'attempt' in rest && (type === 'CommandRepeated' || rest.attempt > 1) && rest.attempt,
    'key' in rest && rest.key,
    'byHand' in rest && rest.byHand && '(by hand)',
    'because' in rest && `(${rest.because})`,
    'operation' in rest && rest.operation.action,
    'reason' in rest && typeof rest.reason === 'object' && `(${rest.reason.kind})`,
    'failure' in rest && `(${[rest.failure.step, rest.failure.code].filter(Boolean).join(' ')})`,
  ];
  return words.filter((word) => word !== false).join(' ');
}
