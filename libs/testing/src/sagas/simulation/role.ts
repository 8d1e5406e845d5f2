import type { Effects, SagaDefinition, SagaInput, SagaState } from '@clew/saga/core';
import type { Inbound, Outbound } from './messages.js';

/** What was decided on one input of one instance. */
export interface Decision {
  readonly sagaId: string;
  readonly definition: SagaDefinition;
  readonly input: SagaInput;
  /** After it. */
  readonly state: SagaState;
  readonly effects: Effects;
}

/** What those who decide are to the participants: how they hear of what happens, and how they have it carried out. */
export interface Role {
  /** The instance that a message is about, and what the message comes to for it. */
  inputOf(message: Inbound): readonly [sagaId: string, input: SagaInput];
  /** What has to be said so that what was decided happens. */
  wordsFor(decision: Decision): readonly Outbound[];
}
