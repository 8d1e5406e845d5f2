import type { CommandClass } from '../command.js';
import { stepsOf, type SagaDefinition, type StepView } from '../definition.js';
import { saga } from '../saga-builder.js';
import type { Tape } from './tape.js';

class Taken {
  reservationId!: string;
}
class GivenBack {}

function commandClass(type: string, reply: new () => object): CommandClass {
  return class {
    static readonly type = type;
    static readonly reply = reply;
  };
}

export const PARTICIPANTS = ['north', 'south', 'west'] as const;
const TAKE = PARTICIPANTS.map((name) => commandClass(`${name}.take`, Taken));
const GIVE_BACK = PARTICIPANTS.map((name) => commandClass(`${name}.give-back`, GivenBack));

/** The builder without its types, which can't follow a definition that is drawn. */
interface UntypedBuilder {
  step(name: string, spec: object): UntypedBuilder;
  parallel(steps: Record<string, object>): UntypedBuilder;
  end(): SagaDefinition;
}

type Kind = 'compensatable' | 'pivot' | 'retriable';

/** One to six steps: compensatable ones, at most one pivot, retriable ones; some side by side. */
export function drawDefinition(tape: Tape): SagaDefinition {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, 1 + tape.pick(6));
  const compensatable = names.length - (tape.chance(45) ? tape.pick(names.length + 1) : 0);
  const pivotAt = tape.chance(50) ? compensatable : -1;
  const kindOf = (index: number): Kind =>
    index < compensatable ? 'compensatable' : index === pivotAt ? 'pivot' : 'retriable';

  let builder = saga<unknown>('drawn', { version: 1 }) as unknown as UntypedBuilder;
  for (let first = 0; first < names.length;) {
    const kind = kindOf(first);
    let next = first + 1;
    while (kind !== 'pivot' && next < names.length && kindOf(next) === kind && tape.chance(45)) next++;
    const specs = names.slice(first, next).map((name): [string, object] => {
      return [name, specOf(kind, tape.pick(PARTICIPANTS.length), names.slice(0, first))];
    });
    builder = specs.length === 1 ? builder.step(...specs[0]!) : builder.parallel(Object.fromEntries(specs));
    first = next;
  }
  return builder.end();
}

function specOf(kind: Kind, participant: number, earlier: readonly string[]): object {
  const payload = ({ input, results }: StepView) => ({
    order: input,
    after: Object.fromEntries(earlier.map((name) => [name, results[name]])),
  });
  const spec = { action: TAKE[participant], payload };
  if (kind === 'compensatable') return { ...spec, compensation: GIVE_BACK[participant] };
  return kind === 'pivot' ? { ...spec, pivot: true } : { ...spec, retriable: true };
}

/** The names of the steps in the stages before a step's own. */
export function stepsBefore(definition: SagaDefinition, step: string): string[] {
  const stage = definition.stages.findIndex((members) => members.some(({ name }) => name === step));
  return stepsOf({ ...definition, stages: definition.stages.slice(0, stage) }).map(({ name }) => name);
}
