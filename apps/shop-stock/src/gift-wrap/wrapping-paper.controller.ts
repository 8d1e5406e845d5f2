import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PrismaService } from '../database/prisma.service.js';
import { WrappingPaperResponse } from './wrapping-paper.response.dto.js';

/** For anyone who audits the service from outside. */
@ApiTags('stock')
@Controller('wrapping-paper')
export class WrappingPaperController {
  constructor(private readonly prisma: PrismaService) {}

  /** How much paper there is. */
  @Get()
  @ApiOkResponse({ type: WrappingPaperResponse })
  async find(): Promise<WrappingPaperResponse> {
    const { sheets, used } = await this.prisma.wrappingPaper.findUniqueOrThrow({ where: { id: 1 } });
    return { sheets, used, available: sheets - used };
  }
}
