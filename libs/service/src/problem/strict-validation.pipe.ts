import type { ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import { StrictPipe } from '@clew/validation';
import type { ValidationError } from 'class-validator';
import { isDeeperThan } from './depth.js';
import { invalid } from './problem.exception.js';
import type { FieldError } from './problem.js';
import { unstorableTexts } from './unstorable-text.js';

/** Keys that reach an object's prototype. No contract has a field of such a name. */
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype'];

/** No contract is as deep; and far deeper ones than this would be too deep for the stack of what validates them. */
const MOST_LEVELS = 32;

const UNSTORABLE = 'must be text without U+0000 and without half a character';

class StrictValidationPipe extends StrictPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (isDeeperThan(MOST_LEVELS, value))
      throw invalid([
        { field: '', message: `the body must not be nested deeper than ${MOST_LEVELS} levels` },
      ]);
    // Nest drops such keys; what a caller sent in vain, the caller should hear of.
    if (typeof value === 'object' && value !== null) {
      const forbidden = PROTOTYPE_KEYS.filter((key) => Object.hasOwn(value, key));
      if (forbidden.length > 0) {
        throw invalid(forbidden.map((field) => ({ field, message: `property ${field} should not exist` })));
      }
      const unstorable = unstorableTexts(value);
      if (unstorable.length > 0) throw invalid(unstorable.map((field) => ({ field, message: UNSTORABLE })));
    }
    return super.transform(value, metadata);
  }
}

/**
 * Validates what comes over HTTP: unknown fields are refused at every level, nothing is converted by guess,
 * and each field that is wrong is named in a 400 problem.
 */
export function strictValidationPipe(): ValidationPipe {
  return new StrictValidationPipe({
    forbidUnknownValues: true,
    exceptionFactory: (errors) => invalid(fieldErrorsOf(errors)),
  });
}

/** The rules that are broken, one entry each, in the order of declaration; `flight.seats` for nested fields. */
export function fieldErrorsOf(errors: readonly ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap((error) => {
    // Without a property the error is about the request as a whole.
    const field = [parent, error.property].filter(Boolean).join('.');
    // Decorators are applied from the last to the first.
    const messages = Object.values(error.constraints ?? {}).reverse();
    return [
      ...messages.map((message) => ({ field, message })),
      ...fieldErrorsOf(error.children ?? [], field),
    ];
  });
}
