import { expect } from '@jest/globals';
import type { ConsumeMessage } from 'amqplib';
import { commandQueueOf } from '@clew/envelope';
import { eventually } from '@clew/testing';
import type { Transition } from './gateway.js';
import type { RunningSystem } from './running-system.js';
import { trip, type Coordination } from './trip.js';
import type { WireSpy } from './wire-spy.js';

export interface Wish {
  readonly step?: string;
  readonly result?: object;
}

/** What a dry run says. */
export interface Plan {
  readonly dryRun: boolean;
  readonly changed: boolean;
  readonly because: string | null;
  readonly status: string;
  readonly transitions: readonly object[];
  readonly commands: readonly {
    readonly messageId: string;
    readonly participant: string;
    readonly type: string;
    readonly payload: object;
  }[];
  readonly answer: { readonly messageId: string; readonly step: string; readonly outcome: string } | null;
}

interface Answer {
  readonly status: number;
  readonly body: Plan;
}

/** Everything of a saga that a dry run must not change, and how far the wire had been read by then. */
interface Standing {
  readonly saga: { readonly saga: string; readonly status: string; readonly coordination: Coordination };
  readonly history: readonly Transition[];
  readonly log: readonly object[];
}

const ADA = { actor: 'ada', reason: 'The hotels are on strike' };
const PATHS: Readonly<Record<string, string>> = {
  'trip-booking': 'bookings',
  order: 'orders',
  'order-return': 'returns',
  'order-exchange': 'exchanges',
};
/** Of a choreographed saga: what is wished for, on its way to the owner; it has another id each time. */
const WISH = /\.requested$/;
/** What the owner tells the gateway. */
const OWNERS_WORD = /\.journal$/;

/**
 * Rehearses what operators do: a dry run, which has to change nothing, then the action itself, of which has to come just what
 * the dry run said. Whoever would answer a command has to be down meanwhile, as answers would come on top.
 */
export class Rehearsals {
  constructor(
    private readonly system: RunningSystem,
    private readonly key: string,
    private readonly wire: WireSpy,
  ) {}

  /** Resolves with what the dry run said; of one that is refused, with the reason. */
  async of(id: string, action: string, wish: Wish = {}): Promise<Plan | string> {
    const before = await this.standing(id);
    const read = this.wire.messages.length;
    const planned = await this.ask(id, action, { ...wish, dryRun: true });
    expect(await this.standing(id)).toEqual(before);
    const happened = await this.ask(id, action, wish);
    await this.isWrittenDown(before, action, planned);
    if (planned.status !== 200) {
      expect(happened).toEqual(planned);
      await this.happened(id, before, read, { transitions: [], commands: [], answer: null });
      return String((planned.body as unknown as { detail: string }).detail);
    }
    const { changed, because } = planned.body;
    expect([planned.body.dryRun, happened.body]).toMatchObject([true, { dryRun: false, changed, because }]);
    // A choreographed saga's owner has yet to hear of it.
    if (before.saga.coordination === 'orchestration') expect(happened.body.status).toBe(planned.body.status);
    await this.happened(id, before, read, planned.body);
    expect((await this.standing(id)).saga.status).toBe(planned.body.status);
    return planned.body;
  }

  /** What a dry run says, and a way to see later that it came to that. */
  async planned(id: string, action: string, wish: Wish = {}) {
    const before = await this.standing(id);
    const read = this.wire.messages.length;
    const { body } = await this.ask(id, action, { ...wish, dryRun: true });
    return { plan: body, cameToThat: () => this.happened(id, before, read, body) };
  }

  /** That history and wire have gained what was planned, and nothing else. */
  private async happened(
    id: string,
    { history, saga: { coordination } }: Standing,
    read: number,
    { transitions, commands, answer }: Pick<Plan, 'transitions' | 'commands' | 'answer'>,
  ): Promise<void> {
    const gained = async () => (await this.standing(id)).history.slice(history.length);
    await eventually(async () => (await gained()).length >= transitions.length);
    await this.untilAllIsSaid(coordination);
    expect((await gained()).map(eventOf)).toEqual(transitions);
    const said = this.wire.messages.slice(read);
    const own = said.filter(({ properties }) => properties.correlationId === id).map(sent);
    const isOrchestrated = coordination === 'orchestration';
    expect(own.filter(({ type }) => !WISH.test(type) && !OWNERS_WORD.test(type))).toEqual(
      commands.map(({ participant, ...command }) => ({
        ...command,
        to: isOrchestrated ? queueOf(participant) : command.type,
      })),
    );
    const isPassedOn = !isOrchestrated && transitions.length > 0;
    expect(own.filter(({ type }) => WISH.test(type))).toHaveLength(isPassedOn ? 1 : 0);
    // A child saga's word to its parent is the reply to the command that began it.
    const asked = history[0]!.cause.kind === 'parent' ? history[0]!.cause.messageId : undefined;
    const answers = said.map(sent).filter(({ messageId }) => messageId === `${asked}/reply`);
    expect(answers.map(({ messageId }) => messageId)).toEqual(answer ? [answer.messageId] : []);
  }

  /** Resolves when all is read that has been said by now: whoever would say it says something else afterwards. */
  private async untilAllIsSaid(coordination: Coordination): Promise<void> {
    const { id } = await this.system.gateway().book(trip({ coordination }));
    const last = coordination === 'choreography' ? `${id}/journal/1` : `${id}/flight/action/0`;
    await eventually(() => this.wire.countOf(last) > 0, { within: 20_000, describe: `the word ${last}` });
  }

  private async standing(id: string): Promise<Standing> {
    // Since when it has been waiting, and what is in the queues, are other questions.
    const { waiting: _, ...saga } = await this.get<Standing['saga'] & { waiting: unknown }>(
      `/operations/sagas/${id}`,
    );
    const path = `/${PATHS[saga.saga]}/${id}/history`;
    const { items: history } = await this.get<{ items: Transition[] }>(path);
    const { items: log } = await this.get<{ items: object[] }>('/operations/log?limit=3');
    return { saga, history, log };
  }

  /** What is done is in the log, with how it went, once; what is refused, too. */
  private async isWrittenDown({ log }: Standing, action: string, { status, body }: Answer): Promise<void> {
    const [entry, ...earlier] = (await this.get<{ items: object[] }>('/operations/log?limit=3')).items;
    const { detail } = body as unknown as { detail: string };
    const outcome = status === 200 ? 'done' : detail.replace(/\.$/, '');
    expect(entry).toMatchObject({ action, ...ADA, outcome: expect.stringContaining(outcome) });
    expect(earlier).toEqual(log.slice(0, 2));
  }

  private async get<Body>(path: string): Promise<Body> {
    const response = await this.system.gateway().get(path, this.headers);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }

  private async ask(id: string, action: string, wish: object): Promise<Answer> {
    const response = await fetch(`${this.system.gateway().url}/operations/sagas/${id}/${action}`, {
      method: 'POST',
      headers: this.headers,
      body: JSON.stringify({ ...ADA, ...wish }),
    });
    return { status: response.status, body: (await response.json()) as Plan };
  }

  private get headers(): Record<string, string> {
    return { 'content-type': 'application/json', authorization: `Bearer ${this.key}` };
  }
}

/** As a plan has it. */
function eventOf({ type, step, details }: Transition): object {
  return { type, ...(step !== null && { step }), ...details };
}

function sent({ properties, fields, content }: ConsumeMessage) {
  const { messageId, type } = properties as { messageId: string; type: string };
  return { messageId, type, payload: JSON.parse(content.toString()) as object, to: fields.routingKey };
}

/** Child sagas are run by the orchestrator itself. */
function queueOf(participant: string): string {
  return commandQueueOf(participant === 'saga' ? 'orchestrator' : participant);
}
