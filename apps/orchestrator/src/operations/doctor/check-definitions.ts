import { checkDefinitions, stepsOf, type SagaDefinition } from '@clew/saga';
import type { AskedDatabase } from '../../database/asked-database.js';
import type { CheckResponse } from '../doctor.response.dto.js';

/** Whether this build can carry on every saga that is under way. */
export async function checkDefinitionsInFlight(
  database: AskedDatabase,
  definitions: readonly SagaDefinition[],
): Promise<CheckResponse[]> {
  const { inFlight, conflicts } = await checkDefinitions(database, definitions);
  const counts = inFlight.map(({ name, version, count }) => `${count} of ${name} v${version}`).join(', ');
  return [
    {
      name: 'definitions',
      status: conflicts.length > 0 ? 'failed' : 'ok',
      sentence:
        conflicts.map((conflict) => `${conflict}.`).join(' ') ||
        `This build knows all that is under way: ${counts || 'nothing is'}.`,
    },
  ];
}

/** Whether whatever a saga may turn back from can be undone. */
export function checkStepsCanBeUndone(definitions: readonly SagaDefinition[]): CheckResponse {
  const missing = definitions.flatMap((definition) =>
    stepsOf(definition)
      .filter(({ kind, compensation }) => kind === 'compensatable' && !compensation)
      .map(({ name }) => `${name} of ${definition.name}`),
  );
  return {
    name: 'compensations',
    status: missing.length > 0 ? 'failed' : 'ok',
    sentence:
      missing.length > 0 ? `Nothing undoes ${missing.join(', ')}.` : 'Every step that may be undone can be.',
  };
}
