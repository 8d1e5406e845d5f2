import { CHOREOGRAPHY_MUTANTS } from './choreography.mutants.js';
import { DEAD_LETTER_MUTANTS } from './dead-letter.mutants.js';
import { GATEWAY_MUTANTS } from './gateway.mutants.js';
import type { Mutant } from './mutant.js';
import { PARTICIPANT_MUTANTS } from './participant.mutants.js';
import { PROTECTION_MUTANTS } from './protection.mutants.js';
import { SAGA_MUTANTS } from './saga.mutants.js';

/** Every guard that is known to keep a promise. */
export const MUTANTS: readonly Mutant[] = [
  ...SAGA_MUTANTS,
  ...CHOREOGRAPHY_MUTANTS,
  ...PARTICIPANT_MUTANTS,
  ...DEAD_LETTER_MUTANTS,
  ...GATEWAY_MUTANTS,
  ...PROTECTION_MUTANTS,
];
