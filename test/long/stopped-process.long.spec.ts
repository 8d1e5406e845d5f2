import { describeSleeps, unnoticed } from '../e2e/support/sleeping-process.js';

describeSleeps([
  {
    app: 'orchestrator',
    failpoint: 'orchestrator.before-commit',
    when: 'replies are in its hands, nothing is committed',
  },
  {
    app: 'orchestrator',
    failpoint: 'orchestrator.before-commit',
    when: 'deadlines are in its hands, nothing is committed',
    untilDeadlinesPass: true,
  },
  {
    app: 'orchestrator',
    failpoint: 'orchestrator.committed',
    when: 'transitions are committed, their commands not published',
  },
  {
    // Until PostgreSQL ends the transaction, and RabbitMQ gives the commands to the other process.
    app: 'flights',
    failpoint: 'participant.before-commit',
    when: 'seats are taken, its transaction is open',
  },
  {
    app: 'flights',
    failpoint: 'participant.committed',
    when: 'seats are reserved, nothing is answered',
    environment: unnoticed,
  },
]);
