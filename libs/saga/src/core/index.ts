/**
 * The saga, pure: no I/O, no clock, no randomness, no framework.
 *
 *     decide(definition, state, input)  → events
 *     evolve(state, event)              → state
 *     effectsOf(definition, state, …)   → commands to send, deadlines to keep
 *
 * A choreographed saga has nobody who asks for its steps. Its participants move it on by the facts that they hear, and the
 * owner of its row decides by the same core:
 *
 *     reactTo(definition, participant, fact)   → commands that the participant gives itself
 *     factOf(command, outcome)                 → what it says then
 *     asksOf(definition, state, input, …)      → what the owner says where nobody would act by himself
 *
 * Guarantees: a saga that is given every reply, or every deadline, reaches an end state or is STUCK; undos go in reverse
 * order of the definition, one at a time; a reply that isn't awaited changes nothing.
 *
 * Doesn't guarantee that a step has only one effect: that is the participants' fence.
 */
export { SAGA_PARTICIPANT } from './child-saga.js';
export type { ChildResult, Parent } from './child-saga.js';
export { asksOf } from './choreography/asks-of.js';
export { choreographyFlaw } from './choreography/choreography-flaw.js';
export { topicOf } from './choreography/fact.js';
export type { Fact, FactType, Knowledge, UndoToCome, WayBack } from './choreography/fact.js';
export { listenersOf, ownerOf, ownerTopicsOf, topicsOf } from './choreography/prompting.js';
export type { Listener } from './choreography/prompting.js';
export { factOf, reactTo } from './choreography/react.js';
export type { OwnCommand } from './choreography/react.js';
export { readFact, wordsOf } from './choreography/wording.js';
export { commandId, parseCommandId, participantOf } from './command.js';
export type { CommandClass, CommandKey, Direction, PayloadOf, ResultOf } from './command.js';
export { decide } from './decide.js';
export {
  DEFAULT_POLICIES,
  findStep,
  isGivenUp,
  patience,
  policyOf,
  stepNamed,
  stepsOf,
} from './definition.js';
export type {
  LockDefinition,
  Policies,
  Policy,
  SagaDefinition,
  StepDefinition,
  StepKind,
  StepView,
} from './definition.js';
export { effectsOf, WHOLE_SAGA } from './effects.js';
export type { Answer, Command, Effects, Timer } from './effects.js';
export type { SagaEvent } from './events.js';
export { evolve, evolveAll } from './evolve.js';
export type { Operation, Outcome, Rejection, SagaInput } from './inputs.js';
export { judgeOperation } from './operation.js';
export type { Verdict } from './operation.js';
export { saga } from './saga-builder.js';
export { differenceBetween, signatureOf } from './signature.js';
export { hasEnded, isInDoubtForBug, isParkedUndo, pendingCommand, stepState } from './state.js';
export { isCommitted } from './turn-back.js';
export type { Failure, Locks, ParkReason, SagaState, SagaStatus, SkipReason, StepState } from './state.js';
