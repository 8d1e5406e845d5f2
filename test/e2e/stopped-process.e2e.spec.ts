import { describeSleeps, unnoticed } from './support/sleeping-process.js';

// Those that have to sleep for long: test/long/stopped-process.long.spec.ts.
describeSleeps([
  {
    app: 'orchestrator',
    failpoint: 'orchestrator.before-commit',
    when: 'replies are in its hands, nothing is committed',
  },
  {
    app: 'orchestrator',
    failpoint: 'orchestrator.committed',
    when: 'transitions are committed, their commands not published',
  },
  {
    app: 'flights',
    failpoint: 'participant.committed',
    when: 'seats are reserved, nothing is answered',
    environment: unnoticed,
  },
]);
