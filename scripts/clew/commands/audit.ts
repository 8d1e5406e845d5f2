import { Command } from 'commander';
import { audit } from '../audit/audit.js';
import { BooksOfAParticipant } from '../audit/books-of-a-participant.js';
import { KINDS } from '../audit/expectations.js';
import type { Run } from './run.js';

/** `clew audit`: whether the participants hold what the sagas say, and count what they hold. */
export function auditCommand(run: Run): Command {
  const command = new Command('audit').description(
    'compare what the sagas say with what the participants hold, while everything goes on',
  );
  return command.action(
    run(async ({ gateway, terminal, system }) => {
      const { participants, retentionMs } = await system();
      const report = await audit({
        gateway,
        retentionMs,
        participants: [...participants].map(([name, api]) => new BooksOfAParticipant(name, api)),
      });
      const wanted = new Set(Object.values(KINDS).map(({ participant }) => participant));
      const leftOut = [...wanted].filter((name) => !participants.has(name));
      const { sagas, reservations, counters, findings, notes, more } = report;
      terminal.print({ ...report, participants: [...participants.keys()], leftOut }, [
        `Read ${sagas.read} sagas (${sagas.underWay} under way, ${sagas.stuck} STUCK), ${reservations.read} reservations ` +
          `and ${counters} counters of ${[...participants.keys()].join(', ')}.`,
        ...(reservations.forgotten > 0
          ? [`${reservations.forgotten} reservations are older than the sagas that are kept.`]
          : []),
        ...(leftOut.length > 0 ? [`Not audited, as nobody said where they are: ${leftOut.join(', ')}.`] : []),
        ...notes.map(({ bookingId, sentence }) => `note     ${bookingId}: ${sentence}`),
        ...findings.map(
          ({ kind, bookingId, sentence }) => `${kind.padEnd(8)} ${bookingId ?? '-'}: ${sentence}`,
        ),
        ...(more > 0 ? [`… and ${more} more`] : []),
        findings.length === 0 ? 'The books are in order.' : `${findings.length} findings.`,
      ]);
      if (findings.length === 0) return 0;
      terminal.say('The books are not in order. "show <id>" tells what happened to a saga.');
      return 1;
    }),
  );
}
