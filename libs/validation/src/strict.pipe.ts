import { ValidationPipe, type ValidationPipeOptions } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { Acceptance } from './acceptance.js';

export type StrictPipeOptions = Pick<
  ValidationPipeOptions,
  'exceptionFactory' | 'transformOptions' | 'forbidUnknownValues'
>;

/** Nest's ValidationPipe: gives instances of the classes, and refuses what their rules don't name. */
export class StrictPipe extends ValidationPipe {
  private readonly acceptance = new Acceptance();

  constructor(options: StrictPipeOptions = {}) {
    super({ ...options, transform: true, whitelist: true, forbidNonWhitelisted: true });
  }

  protected override validate(
    object: object,
    options: Parameters<ValidationPipe['validate']>[1],
  ): Promise<ValidationError[]> | ValidationError[] {
    return this.acceptance.isCertain(object) ? [] : super.validate(object, options);
  }
}
