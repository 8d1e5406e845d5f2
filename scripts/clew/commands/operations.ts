import { Command } from 'commander';
import type { Context } from '../context.js';
import { operatingUser } from '../context.js';
import { Unusable } from '../exit.js';
import { sagaOf, type Saga } from '../saga.js';
import type { Run } from './run.js';

interface OperationOptions {
  readonly reason: string;
  readonly actor: string;
  readonly dryRun?: boolean;
  readonly result?: string;
}

interface Outcome {
  readonly dryRun: boolean;
  readonly changed: boolean;
  readonly because: string | null;
  readonly status: string;
  readonly transitions: readonly { readonly type: string; readonly step?: string }[];
  readonly commands: readonly { readonly messageId: string; readonly type: string }[];
  readonly answer: { readonly sagaId: string; readonly step: string; readonly outcome: string } | null;
}

const ACTIONS = {
  retry: 'ask once more for a step that is STUCK',
  skip: 'go on without a step; what it may have done stays',
  'mark-done': 'take a step for done, or undone, because somebody has seen to it',
} as const;

/** `clew retry|skip|mark-done|compensate|cancel`. */
export function operationCommands(run: Run): Command[] {
  const onSteps = Object.entries(ACTIONS).map(([action, description]) => {
    const command = operation(action, description).argument('[step]', 'default: the one that is STUCK');
    if (action === 'mark-done') command.option('--result <json>', 'what the participant would have answered');
    return command.action(
      run(async (context) => {
        const [id, named] = command.processedArgs as [string, string | undefined];
        const options = command.opts<OperationOptions>();
        const step = named ?? stuckStepOf((await sagaOf(context.gateway, id)).saga);
        const result = options.result === undefined ? {} : { result: objectOf(options.result) };
        return operate(context, id, action, options, { step, ...result });
      }),
    );
  });
  const compensate = operation('compensate', 'turn a saga back although nothing has failed');
  compensate.action(
    run((context) => {
      const [id] = compensate.processedArgs as [string];
      return operate(context, id, 'compensate', compensate.opts<OperationOptions>(), {});
    }),
  );
  return [...onSteps, compensate, cancelCommand(run)];
}

function operation(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<id>', 'of the saga')
    .requiredOption('--reason <text>', 'why; kept in the history')
    .option('--actor <name>', 'who does it', operatingUser())
    .option('--dry-run', 'only tell what would be sent and changed');
}

/** Without a key, as a caller would. */
function cancelCommand(run: Run): Command {
  const command = new Command('cancel')
    .description('cancel a booking or an order that is under way, as its caller would')
    .argument('<id>', 'of the saga')
    .option('--reason <text>', 'why; kept in the history', 'Cancelled at the terminal')
    .option('--actor <name>', 'who does it', operatingUser())
    .option('--dry-run', 'only tell what would be sent and changed; needs the operator key');
  return command.action(
    run(async (context) => {
      const { gateway, terminal } = context;
      const [id] = command.processedArgs as [string];
      const options = command.opts<OperationOptions>();
      if (gateway.hasKey) return operate(context, id, 'cancel', options, {});
      const { reason, actor, dryRun } = options;
      if (dryRun)
        throw new Unusable('Only operators can try a cancellation: give the key as CLEW_OPERATOR_KEY.');
      const { path } = await sagaOf(gateway, id);
      const saga = await gateway.post<Saga>(`${path}/cancel`, { reason: `${reason} (${actor})` });
      terminal.print(saga, [`${saga.saga} ${id} is ${saga.status}`]);
      return 0;
    }),
  );
}

async function operate(
  { gateway, terminal }: Context,
  id: string,
  action: string,
  { actor, reason, dryRun = false }: OperationOptions,
  more: object,
): Promise<number> {
  const body = { ...more, actor, reason, dryRun };
  const outcome = await gateway.post<Outcome>(`/operations/sagas/${encodeURIComponent(id)}/${action}`, body);
  const { changed, because, status, transitions, commands, answer } = outcome;
  terminal.print(outcome, [
    changed
      ? `${dryRun ? 'It would be' : 'It is'} ${status} after this.`
      : `Nothing ${dryRun ? 'would change' : 'changed'}: ${because}. It is ${status}.`,
    ...transitions.map(({ type, step }) => `  ${type}${step ? ` ${step}` : ''}`),
    ...commands.map(({ messageId, type }) => `  sends ${type} (${messageId})`),
    ...(answer ? [`  tells saga ${answer.sagaId} that its step ${answer.step} is ${answer.outcome}`] : []),
  ]);
  return 0;
}

function stuckStepOf({ id, steps }: Saga): string {
  const stuck = steps.filter(({ status }) => status === 'STUCK').map(({ name }) => name);
  if (stuck.length === 1) return stuck[0]!;
  throw new Unusable(
    `Say which step: ${stuck.length === 0 ? `none of saga ${id} is STUCK` : `${stuck.join(', ')} are STUCK`}. Its steps are ${steps.map(({ name }) => name).join(', ')}.`,
  );
}

function objectOf(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new Unusable(`--result has to be a JSON object, like '{"reservationId":"…"}'.`);
}
