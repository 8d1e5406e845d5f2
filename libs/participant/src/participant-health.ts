import { Injectable } from '@nestjs/common';
import { CommandServer } from './command-server.js';

/** Whether this participant can do its work; for a readiness probe. The database has a probe of its own. */
@Injectable()
export class ParticipantHealth {
  constructor(private readonly server: CommandServer) {}

  /** Commands reach this process, and replies leave it. */
  ready(): boolean {
    return this.server.ready;
  }
}
