import { ApiProperty } from '@nestjs/swagger';
import { OperationRequest } from './operation.request.dto.js';

/** Body of `POST /operations/definitions/{saga}/{pause|resume}`. */
export class PauseRequest extends OperationRequest {}

export class PauseResponse {
  @ApiProperty({ format: 'date-time' })
  since!: string;

  @ApiProperty({ example: 'ada@example.org' })
  actor!: string;

  @ApiProperty({ example: 'The hotels are on strike' })
  reason!: string;
}

export class DefinitionResponse {
  @ApiProperty({ example: 'trip-booking' })
  saga!: string;

  @ApiProperty({ type: [Number], description: 'Versions that this gateway knows.' })
  versions!: number[];

  @ApiProperty({
    type: PauseResponse,
    nullable: true,
    description: 'Why none is begun for the moment; null if they are.',
  })
  paused!: PauseResponse | null;
}

export class DefinitionList {
  @ApiProperty({ type: [DefinitionResponse] })
  items!: DefinitionResponse[];
}

/** What pausing or resuming has come to, or would. */
export class PauseOutcome {
  @ApiProperty()
  dryRun!: boolean;

  @ApiProperty({ description: 'False when it is so already.' })
  changed!: boolean;

  @ApiProperty({ type: DefinitionResponse, description: 'As it stands.' })
  definition!: DefinitionResponse;
}
