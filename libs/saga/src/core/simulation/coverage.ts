const COUNTED = [
  'histories',
  'completed',
  'compensated',
  'stuckByRejection',
  'stuckBySilence',
  'delivered',
  'overtaken',
  'duplicated',
  'lost',
  'forgedReplies',
  'swallowedByParticipant',
  'repeatedStarts',
  'deadlinesFired',
  'deadlinesFiredTwice',
  'deadlinesFiredWhileAnswered',
  'inputsWithoutConsequence',
  'batchesFolded',
  'compareAndSetLost',
  'orchestratorCrashesBeforeCommit',
  'orchestratorCrashesAfterCommit',
  'participantCrashesAfterCommit',
  'publishedTwice',
  'swept',
  'storedReplies',
  'tombstonesLaid',
  'tombstonesHit',
  'businessRejections',
  'leftInDoubtBySilence',
  'leftInDoubtWhenTurningBack',
  'stepsParked',
  'undosAnsweredAfterParking',
] as const;

/** How often what makes a history hard has really happened, so that a test can't pass on calm seas alone. */
export type Coverage = Record<(typeof COUNTED)[number], number>;

export function noCoverage(): Coverage {
  return Object.fromEntries(COUNTED.map((name) => [name, 0])) as Coverage;
}
