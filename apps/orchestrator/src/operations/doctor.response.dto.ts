import { ApiProperty } from '@nestjs/swagger';

export const CHECK_STATUSES = ['ok', 'warning', 'failed'] as const;

export class CheckResponse {
  @ApiProperty({ example: 'topology' })
  name!: string;

  @ApiProperty({ enum: CHECK_STATUSES })
  status!: (typeof CHECK_STATUSES)[number];

  @ApiProperty({ description: 'What was found and, where somebody has to act, what to do.' })
  sentence!: string;
}

export class DoctorResponse {
  @ApiProperty({ type: [CheckResponse] })
  checks!: CheckResponse[];
}
