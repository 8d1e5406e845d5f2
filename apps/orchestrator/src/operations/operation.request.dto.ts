import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsObject, IsOptional, IsString, Length } from 'class-validator';

/** Body of `POST /operations/sagas/{id}/compensate`. */
export class OperationRequest {
  @ApiProperty({ example: 'ada@example.org', description: 'Who does it.' })
  @IsString()
  @Length(1, 200)
  actor!: string;

  @ApiProperty({ example: 'The hotel has confirmed the cancellation by phone' })
  @IsString()
  @Length(1, 500)
  reason!: string;

  @ApiPropertyOptional({ default: false, description: 'Only tell what would be sent and changed.' })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}

/** Body of `POST /operations/sagas/{id}/{retry|skip}`. */
export class StepOperationRequest extends OperationRequest {
  @ApiProperty({ example: 'hotel' })
  @IsString()
  @Length(1, 40)
  step!: string;
}

/** Body of `POST /operations/sagas/{id}/mark-done`. */
export class MarkDoneRequest extends StepOperationRequest {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'What the participant would have answered; later steps read it.',
  })
  @IsOptional()
  @IsObject()
  result?: object;
}
