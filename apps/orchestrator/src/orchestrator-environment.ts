import { IsOptional, Matches } from 'class-validator';
import { SagaEnvironment, WholeNumber } from '@clew/service';
import type { ApiKey } from './callers/api-key.js';
import { ApiKeys } from './callers/api-keys.js';
import { Origins } from './callers/origins.js';
import { ParticipantUsers } from './participant-users.decorator.js';

const PARTICIPANT = '[a-z][a-z0-9-]*=https?://[^\\s,=]+';

export class OrchestratorEnvironment extends SagaEnvironment {
  /** Messages that may wait in the outbox until nothing more is begun. */
  @WholeNumber({ min: 1_000, max: 100_000_000 })
  CLEW_OUTBOX_LIMIT = 250_000;

  /** Who may call, as `name:sha256[:role]` separated by commas; anybody while there are none. */
  @ApiKeys()
  CLEW_API_KEYS: readonly ApiKey[] = [];

  /** Requests that each caller may make within a minute; any number if unset. */
  @IsOptional()
  @WholeNumber({ min: 1, max: 1_000_000 })
  CLEW_RATE_LIMIT_PER_MINUTE?: number;

  /** Origins whose web pages may call; none if unset. */
  @Origins()
  CLEW_CORS_ORIGINS: readonly string[] = [];

  /** Where operators find the participants: `flights=http://127.0.0.1:3001,hotels=…`. Sagas don't need it. */
  @Matches(new RegExp(`^(?:${PARTICIPANT}(?:,${PARTICIPANT})*)?$`), {
    message: 'must be names with URLs, like flights=http://127.0.0.1:3001,hotels=http://127.0.0.1:3002',
  })
  CLEW_PARTICIPANTS = '';

  /** The broker's user of each participant, from whom alone its replies count: `flights=clew-flights,hotels=…`. */
  @ParticipantUsers()
  CLEW_PARTICIPANT_USERS: Readonly<Record<string, string>> = {};
}
