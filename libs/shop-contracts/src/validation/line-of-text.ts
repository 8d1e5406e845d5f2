import { Matches } from 'class-validator';

/** Text of 1 to `max` characters with something visible in it: no control characters, no half of a surrogate pair. */
export function IsLineOfText(max: number): PropertyDecorator {
  return Matches(new RegExp(`^(?=.*\\S)[^\\p{Cc}\\p{Cs}]{1,${max}}$`, 'u'), {
    message: `$property must be text of 1 to ${max} characters without control characters`,
  });
}
