import { ValidationPipe } from '@nestjs/common';

/** By the rules of the command's class, and nothing that they don't name. */
export function payloadValidation(): ValidationPipe {
  return new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true });
}
