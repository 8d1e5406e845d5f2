import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems, notFound } from '@clew/service';
import { RejectionCode } from '@clew/shop-contracts';
import { PrismaService } from '../database/prisma.service.js';
import { AccountResponse } from './account.response.dto.js';

/** What PostgreSQL can be asked for: it has no text with a NUL. */
const CUSTOMER_ID = /^[a-z0-9-]{1,40}$/;

/** For anyone who audits the service from outside. */
@ApiTags('accounts')
@Controller('accounts')
export class AccountsController {
  constructor(private readonly prisma: PrismaService) {}

  /** How a customer's credit stands. */
  @Get(':customerId')
  @ApiOkResponse({ type: AccountResponse })
  @ApiProblems({ 404: 'There is no such customer' })
  async find(@Param('customerId') customerId: string): Promise<AccountResponse> {
    const account = CUSTOMER_ID.test(customerId)
      ? await this.prisma.account.findUnique({ where: { customerId } })
      : null;
    if (!account) throw notFound(`There is no customer ${customerId}.`, RejectionCode.CUSTOMER_UNKNOWN);
    const { creditLimitCents, authorisedCents, capturedCents } = account;
    const availableCents = creditLimitCents - authorisedCents - capturedCents;
    return { customerId, creditLimitCents, authorisedCents, capturedCents, availableCents };
  }
}
