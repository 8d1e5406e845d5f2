import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems, notFound } from '@clew/service';
import { RejectionCode } from '@clew/shop-contracts';
import { PrismaService } from '../database/prisma.service.js';
import { StockResponse } from './stock.response.dto.js';

/** What PostgreSQL can be asked for: it has no text with a NUL. */
const SKU = /^[A-Za-z0-9-]{1,40}$/;

/** For anyone who audits the service from outside. */
@ApiTags('stock')
@Controller('stock')
export class StockController {
  constructor(private readonly prisma: PrismaService) {}

  /** How much there is of a product. */
  @Get(':sku')
  @ApiOkResponse({ type: StockResponse })
  @ApiProblems({ 404: 'There is no such product' })
  async find(@Param('sku') sku: string): Promise<StockResponse> {
    const product = SKU.test(sku) ? await this.prisma.product.findUnique({ where: { sku } }) : null;
    if (!product) throw notFound(`There is no product ${sku}.`, RejectionCode.PRODUCT_UNKNOWN);
    const { priceCents, stock, reserved } = product;
    return { sku, priceCents, stock, reserved, available: stock - reserved };
  }
}
