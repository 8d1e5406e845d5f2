import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

/** Something that an operator has done. */
export class OperatorActionResponse {
  @ApiProperty({ example: '17' })
  id!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ example: 'ada@example.org', description: 'Who did it, as they said.' })
  actor!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Whose key was shown; null for the operator key.',
  })
  keyName!: string | null;

  @ApiProperty({ example: 'retry' })
  action!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What it was done to.' })
  target!: object;

  @ApiProperty()
  reason!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      '`done`, or why it was not; null while it is being done, or when the gateway died meanwhile.',
  })
  outcome!: string | null;
}

export class OperatorLogPage {
  @ApiProperty({ type: [OperatorActionResponse], description: 'Newest first.' })
  items!: OperatorActionResponse[];

  @ApiProperty({ type: 'string', nullable: true, description: 'Pass it as before for the next page.' })
  nextBefore!: string | null;
}

/** Query of `GET /operations/log`. */
export class OperatorLogQuery {
  @ApiPropertyOptional({ description: 'nextBefore of the page before.' })
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: '$property must be the nextBefore of a page' })
  before?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 50 })
  @IsOptional()
  @Matches(/^(?:[1-9]\d?|100)$/, { message: '$property must be a whole number from 1 to 100' })
  limit?: string;
}
