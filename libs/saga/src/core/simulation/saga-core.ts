import { decide } from '../decide.js';
import { effectsOf } from '../effects.js';

/** The part under test, exchangeable so that a spec can show what a weaker one would do. */
export interface SagaCore {
  readonly decide: typeof decide;
  readonly effectsOf: typeof effectsOf;
}

export const SAGA_CORE: SagaCore = { decide, effectsOf };
