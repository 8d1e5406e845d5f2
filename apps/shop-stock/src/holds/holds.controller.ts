import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems, isUuid, notFound } from '@clew/service';
import { PrismaService } from '../database/prisma.service.js';
import { HoldResponse, type GiftWrapResponse } from './hold.response.dto.js';

/** For anyone who audits the service from outside. */
@ApiTags('holds')
@Controller('holds')
export class HoldsController {
  constructor(private readonly prisma: PrismaService) {}

  /** What is or was held for an order. */
  @Get(':orderId')
  @ApiOkResponse({ type: HoldResponse })
  @ApiProblems({ 404: 'Nothing was ever held for the order' })
  async find(@Param('orderId') orderId: string): Promise<HoldResponse> {
    const where = { sagaId: orderId };
    const hold = isUuid(orderId)
      ? await this.prisma.hold.findFirst({ where, include: { lines: { orderBy: { sku: 'asc' } } } })
      : null;
    if (!hold) throw notFound(`Nothing was ever held for order ${orderId}.`);
    const giftWrap = await this.prisma.giftWrap.findFirst({ where });
    return {
      orderId: hold.sagaId,
      status: hold.status as HoldResponse['status'],
      holdId: hold.id,
      items: hold.lines.map(({ sku, quantity }) => ({ sku, quantity })),
      totalCents: hold.totalCents,
      giftWrap: giftWrap && {
        status: giftWrap.status as GiftWrapResponse['status'],
        message: giftWrap.message,
      },
      createdAt: hold.createdAt.toISOString(),
      endedAt: hold.endedAt?.toISOString() ?? null,
    };
  }
}
