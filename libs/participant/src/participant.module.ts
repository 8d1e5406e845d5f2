import { type DynamicModule, Module } from '@nestjs/common';
import { CommandServer } from './command-server.js';
import { ParticipantHealth } from './participant-health.js';
import { PARTICIPANT_OPTIONS, type ParticipantAsyncOptions } from './participant-options.js';

/** Makes an application a participant; `connectParticipant(app)` then joins it to the broker. */
@Module({})
export class ParticipantModule {
  static forRootAsync({ imports = [], inject = [], useFactory }: ParticipantAsyncOptions): DynamicModule {
    return {
      module: ParticipantModule,
      imports,
      providers: [{ provide: PARTICIPANT_OPTIONS, inject, useFactory }, CommandServer, ParticipantHealth],
      exports: [CommandServer, ParticipantHealth],
    };
  }
}
