import { describeSleeps } from '../e2e/support/sleeping-process.js';

describeSleeps([
  {
    app: 'orchestrator',
    failpoint: 'orchestrator.before-commit',
    when: 'deadlines are in its hands, nothing is committed',
    untilDeadlinesPass: true,
  },
  {
    // Until PostgreSQL ends the transaction, and RabbitMQ gives the commands to the other process.
    app: 'flights',
    failpoint: 'participant.before-commit',
    when: 'seats are taken, its transaction is open',
  },
]);
