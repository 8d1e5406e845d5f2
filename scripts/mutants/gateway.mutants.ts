import type { Mutant } from './mutant.js';
import {
  ADMISSION,
  ANSWERING_IN_TIME,
  HISTORY_WATCH,
  OPENINGS,
  OWN_INSTANCE,
  QUEUE_STATES,
} from './specs.js';

/** What callers and operators rely on. */
export const GATEWAY_MUTANTS: readonly Mutant[] = [
  {
    guard: 'a key begins one saga',
    file: 'libs/saga/src/commit-statement.ts',
    text: 'OR t.id IN (SELECT saga_id FROM opened)',
    without: 'OR true',
    noticedBy: [[OPENINGS, 'begins one saga, asked for a hundred times at once']],
  },
  {
    guard: 'a key stands for one request',
    file: 'libs/saga/src/saga-starts.ts',
    text: 'if (taken.fingerprint !== key.fingerprint) throw new StartKeyReused(key.key);',
    without: '',
    noticedBy: [[OPENINGS, 'is refused when the key was used for something else']],
  },
  {
    guard: 'the first answer to a key is kept',
    file: 'libs/saga/src/saga-reader.ts',
    text: 'SET answer = coalesce(answer, $3::json)',
    without: 'SET answer = $3::json',
    noticedBy: [[OPENINGS, 'keeps the first answer that it is given']],
  },
  {
    guard: 'who waits hears of what is committed while it is looked for',
    file: 'libs/saga/src/history-watch.ts',
    text: 'if (waiter.isBehind && ',
    without: 'if (false && ',
    noticedBy: [[HISTORY_WATCH, 'looks again at once when something is committed while it looks']],
  },
  {
    guard: 'nothing of a paused definition is begun',
    file: 'libs/saga/src/admission.ts',
    text: 'if (pause) throw new SagaPaused(saga, pause.reason);',
    without: '',
    noticedBy: [[ADMISSION, 'do not while their definition is paused']],
  },
  {
    guard: 'nothing is begun while the outbox is over its limit',
    file: 'libs/saga/src/admission.ts',
    text: 'if (this.inOutbox > mostInOutbox)',
    without: 'if (this.inOutbox > mostInOutbox && !this.timer)',
    noticedBy: [[ADMISSION, 'do not while too much waits in the outbox']],
  },
  {
    guard: "what is another caller's isn't there",
    file: 'apps/orchestrator/src/saga-view/find-instance.ts',
    text: '|| !isShownTo(caller, record)',
    without: '',
    noticedBy: [[OWN_INSTANCE, "in the very words of one that isn't"]],
  },
  {
    guard: 'who asks is told in time that the database says nothing',
    file: 'libs/outbox/src/answering-in-time.ts',
    text: 'Promise.race([answer, silence])',
    without: 'answer',
    noticedBy: [[ANSWERING_IN_TIME, 'is given up when it says nothing, for what passes']],
  },
  {
    guard: 'one look at the queues is for all who ask',
    file: 'apps/orchestrator/src/operations/queue-states.ts',
    text: '(this.look ??= this.lookAgain())',
    without: '(this.look = this.lookAgain())',
    noticedBy: [[QUEUE_STATES, 'are looked up once for all who ask at a time']],
  },
];
