/**
 * The saga, pure: no I/O, no clock, no randomness, no framework.
 *
 *     decide(definition, state, input)  → events
 *     evolve(state, event)              → state
 *     effectsOf(definition, state, …)   → commands to send, deadlines to keep
 *
 * Guarantees: a saga that is given every reply, or every deadline, reaches an end state or is STUCK; undos go in reverse
 * order of the definition, one at a time; a reply that isn't awaited changes nothing.
 *
 * Doesn't guarantee that a step has only one effect: that is the participants' fence.
 */
export { commandId, parseCommandId, participantOf } from './command.js';
export type { CommandClass, CommandKey, Direction, PayloadOf, ResultOf } from './command.js';
export { decide } from './decide.js';
export { DEFAULT_POLICIES, patience, policyOf, signatureOf, stepNamed, stepsOf } from './definition.js';
export type { Policies, Policy, SagaDefinition, StepDefinition, StepKind, StepView } from './definition.js';
export { effectsOf } from './effects.js';
export type { Command, Effects, Timer } from './effects.js';
export type { SagaEvent } from './events.js';
export { evolve, evolveAll } from './evolve.js';
export type { Outcome, Rejection, SagaInput } from './inputs.js';
export { saga } from './saga-builder.js';
export { hasEnded, pendingCommand, stepState } from './state.js';
export type { Failure, SagaState, SagaStatus, StepState } from './state.js';
