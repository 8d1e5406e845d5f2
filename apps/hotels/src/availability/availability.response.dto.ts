import { ApiProperty } from '@nestjs/swagger';

export class AvailabilityResponse {
  @ApiProperty({ type: 'integer', example: 40 })
  capacity!: number;

  @ApiProperty({ type: 'integer', example: 12 })
  reserved!: number;

  @ApiProperty({ type: 'integer', example: 28 })
  available!: number;
}
