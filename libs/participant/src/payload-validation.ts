import type { ValidationPipe } from '@nestjs/common';
import { StrictPipe } from '@clew/validation';

/** By the rules of the command's class, and nothing that they don't name. */
export function payloadValidation(): ValidationPipe {
  return new StrictPipe();
}
