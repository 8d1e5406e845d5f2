import { ValidationPipe, type ArgumentMetadata, type ValidationPipeOptions } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { Acceptance } from './acceptance.js';
import type { Class } from './property-class.js';

export type StrictPipeOptions = Pick<ValidationPipeOptions, 'exceptionFactory' | 'forbidUnknownValues'>;

/** Nest's ValidationPipe: gives instances of the classes, and refuses what their rules don't name. */
export class StrictPipe extends ValidationPipe {
  private readonly acceptance = new Acceptance();

  constructor(options: StrictPipeOptions = {}) {
    super({ ...options, transform: true, whitelist: true, forbidNonWhitelisted: true });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const accepted = this.toValidate(metadata)
      ? this.acceptance.instanceOf(metadata.metatype as Class, value)
      : undefined;
    return accepted ?? super.transform(value, metadata);
  }

  protected override validate(
    object: object,
    options: Parameters<ValidationPipe['validate']>[1],
  ): Promise<ValidationError[]> | ValidationError[] {
    return this.acceptance.isCertain(object) ? [] : super.validate(object, options);
  }
}
