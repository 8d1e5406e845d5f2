import { describe, expect, it } from '@jest/globals';
import { DatabaseFault, isTransient, sqlState } from './transient.js';

/** What Prisma makes of a database error: of a raw query (P2010), or of a model call. */
function prismaError(cause: object, code = 'P2010'): Error {
  const meta = { driverAdapterError: { name: 'DriverAdapterError', cause } };
  return Object.assign(new Error('x'), { name: 'PrismaClientKnownRequestError', code, meta });
}

describe('sqlState', () => {
  it('finds it in what Prisma throws', () => {
    expect(sqlState(prismaError({ originalCode: '40P01' }))).toBe('40P01');
    expect(sqlState(prismaError({ originalCode: '23505' }, 'P2002'))).toBe('23505');
  });

  it('finds it in what pg throws, and in a cause', () => {
    const error = Object.assign(new Error('x'), { code: '40001', severity: 'ERROR' });
    expect(sqlState(error)).toBe('40001');
    expect(sqlState(new Error('wrapped', { cause: error }))).toBe('40001');
  });

  it('takes codes of Prisma and Node for none', () => {
    expect(sqlState(Object.assign(new Error('x'), { code: 'P2028' }))).toBeUndefined();
    expect(sqlState(Object.assign(new Error('x'), { code: 'EPIPE' }))).toBeUndefined();
    expect(sqlState(undefined)).toBeUndefined();
    expect(sqlState('40001')).toBeUndefined();
  });
});

describe('isTransient', () => {
  it.each([
    '40001',
    '40P01',
    '53300',
    '53100',
    '55P03',
    '57P01',
    '57P03',
    '57014',
    '08006',
    '25006',
    '25P03',
  ])('holds for SQLSTATE %s', (originalCode) =>
    expect(isTransient(prismaError({ originalCode }))).toBe(true),
  );

  it.each(['23505', '23514', '22P02', '22021', '42P01', '42501', '25P02', 'P0001', '3D000'])(
    "doesn't hold for SQLSTATE %s",
    (originalCode) => expect(isTransient(prismaError({ originalCode }))).toBe(false),
  );

  it.each([
    'P1001',
    'P1017',
    'P2024',
    'P2028',
    'P2034',
    'P2037',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'EAI_AGAIN',
  ])('holds for the code %s, in a cause as well', (code) => {
    const error = Object.assign(new Error('x'), { code });
    expect(isTransient(error)).toBe(true);
    expect(isTransient(new TypeError('fetch failed', { cause: error }))).toBe(true);
  });

  it('lets the SQLSTATE decide where there is one', () => {
    expect(isTransient(prismaError({ originalCode: '23505' }, 'P2034'))).toBe(false);
  });

  it('holds for lost connections that Prisma names but gives no code', () => {
    expect(isTransient(prismaError({ kind: 'DatabaseNotReachable' }))).toBe(true);
    expect(isTransient(prismaError({ kind: 'ConnectionClosed' }))).toBe(true);
  });

  it('holds for bare errors that came through Prisma, and for no other bare error', () => {
    expect(isTransient(Object.assign(new Error('gone'), { clientVersion: '7.10.0' }))).toBe(true);
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(false);
    const invalid = { name: 'PrismaClientValidationError', clientVersion: '7.10.0' };
    expect(isTransient(Object.assign(new Error('x'), invalid))).toBe(false);
  });

  it('holds for a database fault', () => expect(isTransient(new DatabaseFault('x'))).toBe(true));

  it('ends on causes that go round in a circle', () => {
    const error = new Error('x');
    error.cause = error;
    expect(isTransient(error)).toBe(false);
  });

  it.each([undefined, null, 'ECONNRESET', 5])("doesn't hold for %p", (value) =>
    expect(isTransient(value)).toBe(false),
  );
});
