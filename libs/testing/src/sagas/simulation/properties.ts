import {
  decidedBeforeNoReturn,
  knowsWhatCameBefore,
  nothingAfterTheEnd,
  ownStepsOnly,
  sameCommandEverywhere,
  undoneInReverse,
} from './choreography-properties.js';
import { childFitsParent, undoneBeforeSaidSo } from './child-properties.js';
import {
  compensatedHoldsNothing,
  completedHoldsItsSteps,
  inventoryAddsUp,
  nothingMadeUp,
  oneEffect,
  stuckHoldsOnlyParked,
} from './effect-properties.js';
import {
  awaitedHasDeadline,
  endFitsSteps,
  endStateIsFinal,
  failureIsReal,
  historyReplays,
  lateAnswerEndsParking,
  sagaEnds,
  stuckMeansAtRest,
} from './ending-properties.js';
import {
  attemptsCountUp,
  committedStepsStay,
  noActionOnTheWayBack,
  outcomesOnce,
  payloadsComplete,
  sameCommandAgain,
  stagesInOrder,
  undosInReverse,
} from './order-properties.js';
import { noStepBeforeLocks, oneHolder } from './lock-properties.js';
import type { Property } from './property.js';

/** Everything that is promised about a saga, effects first: they are what a customer would notice. */
export const PROPERTIES: readonly Property[] = [
  oneEffect,
  compensatedHoldsNothing,
  completedHoldsItsSteps,
  stuckHoldsOnlyParked,
  inventoryAddsUp,
  nothingMadeUp,
  sagaEnds,
  endStateIsFinal,
  historyReplays,
  endFitsSteps,
  failureIsReal,
  awaitedHasDeadline,
  stuckMeansAtRest,
  lateAnswerEndsParking,
  undosInReverse,
  noActionOnTheWayBack,
  stagesInOrder,
  committedStepsStay,
  attemptsCountUp,
  outcomesOnce,
  sameCommandAgain,
  payloadsComplete,
  nothingAfterTheEnd,
  undoneInReverse,
  decidedBeforeNoReturn,
  ownStepsOnly,
  sameCommandEverywhere,
  knowsWhatCameBefore,
  childFitsParent,
  undoneBeforeSaidSo,
  oneHolder,
  noStepBeforeLocks,
];
