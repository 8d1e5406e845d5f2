import { Inject, Injectable } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { COMMAND_TRANSPORT } from './command-handler.decorator.js';
import { PARTICIPANT_OPTIONS, type ParticipantOptions } from './participant-options.js';

/** The transport strategy. */
@Injectable()
export class CommandServer extends Server implements CustomTransportStrategy {
  override readonly transportId = COMMAND_TRANSPORT;
  constructor(@Inject(PARTICIPANT_OPTIONS) readonly options: ParticipantOptions) {
    super();
  }
  get ready(): boolean {
    return false;
  }
  listen(callback: (error?: unknown) => void): void {
    callback();
  }
  close(): void {}
  on(): never {
    throw new Error('not supported');
  }
  unwrap<T>(): T {
    throw new Error('not supported');
  }
}
