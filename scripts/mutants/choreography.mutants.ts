import type { Mutant } from './mutant.js';
import {
  CHOREOGRAPHED_SAGAS,
  CHOREOGRAPHY,
  COORDINATIONS,
  JOURNAL,
  ONLOOKER,
  PROPERTIES,
  SHARED_DELIVERIES,
} from './specs.js';

const choreography = 'libs/saga/src/core/choreography';

/** What keeps sagas right that nobody orchestrates. */
export const CHOREOGRAPHY_MUTANTS: readonly Mutant[] = [
  {
    guard: 'what may have begun unheard is undone, too',
    file: 'libs/saga/src/core/turn-back.ts',
    text: "return step.status === 'PENDING' ? !refused :",
    without: "return step.status === 'PENDING' ? false :",
    noticedBy: [[CHOREOGRAPHY, 'is undone, too, when the caller cancels'], [PROPERTIES]],
  },
  {
    guard: "what can't be undone begins at the owner's word only",
    file: `${choreography}/prompting.ts`,
    text: 'if (stage === committed) return { start: false, stages: [] };',
    without: '',
    noticedBy: [[CHOREOGRAPHY, 'is passed at the word of the owner'], [PROPERTIES]],
  },
  {
    guard: 'a condition does not carry a saga over its point of no return',
    file: `${choreography}/prompting.ts`,
    text: 'const floor = stage > committed ? committed : 0;',
    without: 'const floor = 0;',
    noticedBy: [[CHOREOGRAPHY, 'is not passed by whoever comes after a point that may be skipped']],
  },
  {
    guard: 'steps side by side are closed by the owner',
    file: `${choreography}/prompting.ts`,
    text: 'if (earlier.length > 1) return { start: false, stages };',
    without: '',
    noticedBy: [[CHOREOGRAPHY, 'is closed by the owner']],
  },
  {
    guard: 'a later fact tells what an earlier one would have told',
    file: `${choreography}/inputs-of.ts`,
    text: 'return result && !isOwn ?',
    without: 'return result && isOwn && !isOwn ?',
    noticedBy: [[CHOREOGRAPHY, 'tell the owner what came before them']],
  },
  {
    guard: 'a later undo tells which ones came before it',
    file: `${choreography}/inputs-of.ts`,
    text: 'return [...earlier, ...ownInputs(fact)];\n  }',
    without: 'return ownInputs(fact);\n  }',
    noticedBy: [[CHOREOGRAPHY, 'tell the owner how far the way back has come']],
  },
  {
    guard: 'the owner asks where nobody would act otherwise',
    file: `${choreography}/asks-of.ts`,
    text: "if (direction === 'compensation') return 'rest' in fact && fact.rest[0]?.step === step;",
    without: "if (direction === 'compensation') return true;",
    noticedBy: [[CHOREOGRAPHY, 'is undone in reverse order'], [COORDINATIONS]],
  },
  {
    guard: 'the owner asks for no undo that somebody begins by himself',
    file: `${choreography}/asks-of.ts`,
    text: "return 'rest' in fact && fact.rest[0]?.step === step;",
    without: 'return false;',
    noticedBy: [[CHOREOGRAPHY, 'is undone in reverse order']],
  },
  {
    guard: 'the owner asks for nothing whose outcome it has heard',
    file: 'libs/saga/src/core/effects.ts',
    text: 'if (state.coordination && !isPending(state, key)) return;',
    without: '',
    noticedBy: [[CHOREOGRAPHY, 'lets the owner ask for nothing that is answered'], [PROPERTIES]],
  },
  {
    guard: "a participant's word counts for a step that is parked for a bug at the owner",
    file: 'libs/saga/src/core/decide.ts',
    text: 'state.coordination ? isParkedForBug(step) : isInDoubtForBug(step)',
    without: 'isInDoubtForBug(step)',
    noticedBy: [[CHOREOGRAPHY, 'is done all the same when its participant says so']],
  },
  {
    guard: "an onlooker hears an owner's word once",
    file: 'libs/saga/src/journal.ts',
    text: 'if (mark && revision <= heard) return { entries: [], mark };',
    without: '',
    noticedBy: [
      [JOURNAL, 'hears nothing twice'],
      [ONLOOKER, 'changes nothing when it is told twice'],
    ],
  },
  {
    guard: 'that a saga has started is said until its owner is heard of',
    file: 'libs/saga/src/onlooker.ts',
    text: 'if (!mark) announce(state.input, input.attempt + 1);',
    without: '',
    noticedBy: [[ONLOOKER, 'says so again until the owner is heard of']],
  },
  {
    guard: 'a saga that takes locks is not choreographed',
    file: 'libs/participant/src/choreographed-sagas.ts',
    text: 'if (flaw) throw new Error(',
    without: 'if (flaw === null) throw new Error(',
    noticedBy: [[CHOREOGRAPHED_SAGAS, 'must be a saga that can do without an orchestrator']],
  },
  {
    guard: 'nobody acts by another definition than the saga has',
    file: 'libs/participant/src/choreographed-sagas.ts',
    text: 'if (found.hash !== hash)',
    without: 'if (found.hash === undefined)',
    noticedBy: [[CHOREOGRAPHED_SAGAS, 'refuses it with other steps']],
  },
  {
    guard: 'a fact is acked when the last of its commands is handled',
    file: 'libs/participant/src/shared-deliveries.ts',
    text: 'return open === 1;',
    without: 'return true;',
    noticedBy: [[SHARED_DELIVERIES, 'is over with the last of them']],
  },
];
