import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  ValidateNested,
} from 'class-validator';
import { ListSagasQuery } from './list-sagas.query.dto.js';
import { OperationRequest } from './operation.request.dto.js';

/** Sagas that one batch is about, at the most. */
export const MOST_IN_BATCH = 1_000;

export const BATCH_ACTIONS = ['retry', 'skip', 'mark-done', 'compensate', 'cancel'] as const;
export type BatchAction = (typeof BATCH_ACTIONS)[number];

/** Body of `POST /operations/batches`. */
export class BatchRequest extends OperationRequest {
  @ApiProperty({ enum: BATCH_ACTIONS, example: 'compensate' })
  @IsIn(BATCH_ACTIONS)
  action!: BatchAction;

  @ApiPropertyOptional({ description: 'Of retry, skip and mark-done.' })
  @IsOptional()
  @IsString()
  @Length(1, 40)
  step?: string;

  @ApiPropertyOptional({
    type: [String],
    format: 'uuid',
    maxItems: MOST_IN_BATCH,
    example: ['0192f0c1-2b3c-7d4e-8f90-123456789abc'],
    description: 'Which sagas; those that a dry run has found, for example.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_IN_BATCH)
  @ArrayUnique()
  @IsUUID('all', { each: true })
  ids?: string[];

  @ApiPropertyOptional({
    type: ListSagasQuery,
    description:
      'Of a dry run: which sagas to look for. What it finds stays found: send its ids to have it done.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ListSagasQuery)
  filter?: ListSagasQuery;
}

/** Sagas that the same becomes of. */
export class BatchOutcome {
  @ApiProperty({ enum: ['changed', 'unchanged', 'refused'] })
  outcome!: 'changed' | 'unchanged' | 'refused';

  @ApiProperty({ type: 'string', nullable: true, description: 'Why it is not changed.' })
  because!: string | null;

  @ApiProperty({ type: 'integer' })
  count!: number;

  @ApiProperty({ type: [String], format: 'uuid' })
  ids!: string[];
}

export class BatchResponse {
  @ApiProperty()
  dryRun!: boolean;

  @ApiProperty({ type: 'integer', description: 'How many sagas it is about.' })
  matched!: number;

  @ApiProperty({ description: 'There are more than one batch can be about: do these, then ask again.' })
  more!: boolean;

  @ApiProperty({ type: [BatchOutcome] })
  outcomes!: BatchOutcome[];
}
