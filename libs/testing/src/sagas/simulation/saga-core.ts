import { asksOf, decide, effectsOf, reactTo } from '@clew/saga/core';

/** The part under test, exchangeable so that a spec can show what a weaker one would do. */
export interface SagaCore {
  readonly decide: typeof decide;
  readonly effectsOf: typeof effectsOf;
  readonly reactTo: typeof reactTo;
  readonly asksOf: typeof asksOf;
}

export const SAGA_CORE: SagaCore = { decide, effectsOf, reactTo, asksOf };
