import { ApiProperty } from '@nestjs/swagger';

export class WrappingPaperResponse {
  @ApiProperty({ type: 'integer', example: 100_000 })
  sheets!: number;

  @ApiProperty({ type: 'integer', example: 12 })
  used!: number;

  @ApiProperty({ type: 'integer', example: 99_988 })
  available!: number;
}
