import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExecutionContext,
  type INestMicroservice,
  type NestInterceptor,
  Scope,
  type RpcExceptionFilter,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { EventPattern, MessagePattern, RpcException } from '@nestjs/microservices';
import { IsInt } from 'class-validator';
import { concat, map, type Observable, of, throwError } from 'rxjs';
import { Command, CommandContext, CommandHandler, CommandRejected } from './index.js';
import { TestParticipants } from './test-participant.fixture.js';

class Seen {
  steps?: string[];
  twice?: number;
}

class Ask {
  static readonly type: string = 'flights.ask';
  static readonly reply = Seen;
  @IsInt()
  number!: number;
}

/** Another command with the same payload. */
function asking(verb: string) {
  return class extends Ask {
    static override readonly type = `flights.${verb}`;
  };
}

let steps: string[] = [];

class Tracing implements CanActivate, NestInterceptor {
  constructor(private readonly name: string) {}
  canActivate(context: ExecutionContext): boolean {
    const { step } = context.switchToRpc().getContext<CommandContext>();
    steps.push(`${this.name} guard of ${step}`);
    return true;
  }
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((reply) => ({ ...reply, [this.name]: true })));
  }
}

@Catch(RangeError)
class RangeFilter implements RpcExceptionFilter<RangeError> {
  catch(error: RangeError): Observable<never> {
    return throwError(() => new CommandRejected('OUT_OF_RANGE', error.message));
  }
}

@Catch(SyntaxError)
class AnsweringFilter implements RpcExceptionFilter<SyntaxError> {
  catch(): Observable<Seen> {
    return of({ twice: -1 });
  }
}

@Catch(URIError)
class ThrowingFilter implements RpcExceptionFilter<URIError> {
  catch(_error: URIError, host: ArgumentsHost): never {
    throw new CommandRejected('BAD_URI', host.switchToRpc().getContext<CommandContext>().step);
  }
}

const Denying: CanActivate = { canActivate: () => false };
const Rejecting: CanActivate = {
  canActivate: () => {
    throw new CommandRejected('NOT_FOR_YOU', 'No');
  },
};

const [Plain, Promised, Streamed, Nothing, Text] = ['plain', 'promised', 'streamed', 'nothing', 'text'].map(
  asking,
) as [typeof Ask, typeof Ask, typeof Ask, typeof Ask, typeof Ask];
const [Denied, Rejected, Guarded] = ['denied', 'rejected', 'guarded'].map(asking) as [
  typeof Ask,
  typeof Ask,
  typeof Ask,
];
const [Ranged, Answered, Uri, Failing, Streaming] = ['ranged', 'answered', 'uri', 'failing', 'streaming'].map(
  asking,
) as [typeof Ask, typeof Ask, typeof Ask, typeof Ask, typeof Ask];

@UseFilters(ThrowingFilter)
@Controller()
class EnhancedController {
  @CommandHandler(Plain)
  plain(@Command() { number }: Ask): Seen {
    return { twice: 2 * number };
  }
  @CommandHandler(Promised)
  promised(@Command() command: Ask): Promise<Seen> {
    return Promise.resolve({ twice: command instanceof Ask ? 2 * command.number : -1 });
  }
  @CommandHandler(Streamed)
  streamed(): Observable<Seen> {
    return concat(of({ twice: 1 }), of({ twice: 2 }));
  }
  @CommandHandler(Nothing)
  nothing(): Promise<object> {
    return Promise.resolve(undefined as unknown as object);
  }
  @CommandHandler(Text)
  text(): object {
    return 'text' as unknown as object;
  }
  @UseGuards(Denying)
  @CommandHandler(Denied)
  denied(): Seen {
    return {};
  }
  @UseGuards(Rejecting)
  @CommandHandler(Rejected)
  rejected(): Seen {
    return {};
  }
  @UseGuards(new Tracing('method'))
  @UseInterceptors(new Tracing('method'))
  @CommandHandler(Guarded)
  guarded(): Seen {
    return { steps: [...steps] };
  }
  @UseFilters(RangeFilter)
  @CommandHandler(Ranged)
  ranged(): Seen {
    throw new RangeError('Too far');
  }
  @CommandHandler(Answered)
  answered(): Seen {
    throw new SyntaxError('Unreadable');
  }
  @CommandHandler(Uri)
  uri(): Seen {
    throw new URIError('%');
  }
  @CommandHandler(Failing)
  failing(): Seen {
    throw new RpcException('What Nest would answer');
  }
  @CommandHandler(Streaming)
  streaming(): Observable<Seen> {
    return throwError(() => new CommandRejected('STREAMED', 'No'));
  }
  @MessagePattern('prices.ask')
  otherTransport(): string {
    return 'not a command';
  }
  @EventPattern('flights.happened')
  event(_event: unknown): void {}
}

const PerRequest = asking('per-request');
@Controller({ scope: Scope.REQUEST })
class RequestScopedController {
  @CommandHandler(PerRequest)
  ask(@Command() { number }: Ask): Seen {
    if (number < 0) throw new CommandRejected('NEGATIVE', 'No');
    return { twice: 2 * number };
  }
}

const Piped = asking('piped');
@Controller()
class PipedController {
  @CommandHandler(Piped)
  ask(@Command({ transform: ({ number }: Ask) => ({ number: number + 1 }) }) { number }: Ask): Seen {
    return { twice: 2 * number };
  }
}

describe('what Nest offers around a handler', () => {
  let participants: TestParticipants;

  beforeAll(async () => {
    participants = await TestParticipants.create();
  });
  beforeEach(() => void (steps = []));
  afterEach(() => participants.closeApps());
  afterAll(() => participants.stop());

  async function ask(command: typeof Ask, payload: object = { number: 21 }) {
    const [id] = await participants.send({ type: command.type, payload });
    return (await participants.repliesTo(id))[0];
  }

  const start = (prepare?: (microservice: INestMicroservice) => void) =>
    participants.start(EnhancedController, prepare && { prepare });

  it('plain values, promises and observables are replies, and nothing is an empty one', async () => {
    await start();
    expect(await ask(Plain)).toMatchObject({ outcome: 'done', body: { twice: 42 } });
    expect(await ask(Promised)).toMatchObject({ outcome: 'done', body: { twice: 42 } });
    expect(await ask(Streamed)).toMatchObject({ outcome: 'done', body: { twice: 2 } });
    expect(await ask(Nothing)).toMatchObject({ outcome: 'done', body: {} });
  });

  it('a reply that is no object is a bug', async () => {
    await start();
    await participants.send({ type: Text.type, payload: { number: 1 } });
    expect((await participants.parked(1))[0]?.reason).toContain('reply as an object');
  });

  it('guards and interceptors run in the order of Nest, the global ones included', async () => {
    await start((microservice) => {
      microservice.useGlobalGuards(new Tracing('global'));
      microservice.useGlobalInterceptors(new Tracing('global'));
    });
    expect(await ask(Guarded)).toMatchObject({
      body: { steps: ['global guard of flight', 'method guard of flight'], global: true, method: true },
    });
  });

  it('a guard that denies is a bug, as nobody could be told', async () => {
    await start();
    await participants.send({ type: Denied.type, payload: { number: 1 } });
    expect((await participants.parked(1))[0]?.reason).toContain('Forbidden');
  });

  it('a guard may reject the command', async () => {
    await start();
    expect(await ask(Rejected)).toMatchObject({ outcome: 'rejected', body: { code: 'NOT_FOR_YOU' } });
  });

  it('filters of method, class and app may turn an exception into a rejection or a reply', async () => {
    await start((microservice) => microservice.useGlobalFilters(new AnsweringFilter()));
    expect(await ask(Ranged)).toMatchObject({ outcome: 'rejected', body: { code: 'OUT_OF_RANGE' } });
    expect(await ask(Uri)).toMatchObject({
      outcome: 'rejected',
      body: { code: 'BAD_URI', message: 'flight' },
    });
    expect(await ask(Answered)).toMatchObject({ outcome: 'done', body: { twice: -1 } });
  });

  it('a rejection may come through an observable', async () => {
    await start();
    expect(await ask(Streaming)).toMatchObject({ outcome: 'rejected', body: { code: 'STREAMED' } });
  });

  it('an exception that no filter takes is a bug with its own text', async () => {
    await start();
    await participants.send({ type: Failing.type, payload: { number: 1 } });
    expect((await participants.parked(1))[0]?.reason).toContain('What Nest would answer');
  });

  it('pipes get the command after the validation', async () => {
    await participants.start(PipedController);
    expect(await ask(Piped)).toMatchObject({ body: { twice: 44 } });
  });

  it('global pipes of the app come after the validation', async () => {
    await participants.start(PipedController, {
      prepare: (microservice) =>
        void microservice.useGlobalPipes({
          transform: (value: Ask, { type }) => (type === 'body' ? { number: -value.number } : value),
        }),
    });
    expect(await ask(Piped)).toMatchObject({ body: { twice: -40 } });
  });

  it('request-scoped controllers work', async () => {
    await participants.start(RequestScopedController);
    expect(await ask(PerRequest)).toMatchObject({ body: { twice: 42 } });
    expect(await ask(PerRequest, { number: -1 })).toMatchObject({ outcome: 'rejected' });
  });

  it('patterns of other transports are left alone', async () => {
    await start();
    await participants.send({ type: 'flights.happened', payload: {} });
    expect((await participants.parked(1))[0]?.reason).toContain('No handler');
  });
});
