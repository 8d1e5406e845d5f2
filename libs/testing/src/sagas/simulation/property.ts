import type { SagaRecord } from './saga-record.js';
import type { World } from './world.js';

/** Something that must hold for every saga of every history. */
export interface Property {
  readonly name: string;
  /** What is wrong, in a sentence; `undefined` when the property holds. */
  readonly flaw: (world: World, saga: SagaRecord) => string | undefined;
}
