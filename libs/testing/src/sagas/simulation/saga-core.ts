import { decide } from '@clew/saga/core';
import { effectsOf } from '@clew/saga/core';

/** The part under test, exchangeable so that a spec can show what a weaker one would do. */
export interface SagaCore {
  readonly decide: typeof decide;
  readonly effectsOf: typeof effectsOf;
}

export const SAGA_CORE: SagaCore = { decide, effectsOf };
