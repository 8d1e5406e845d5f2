import { describe, expect, it } from '@jest/globals';
import { daysBetween, isCalendarDate } from './calendar-date.js';

describe('a calendar date', () => {
  it.each(['2027-05-01', '2028-02-29', '0001-01-01', '9999-12-31'])('is %s', (text) => {
    expect(isCalendarDate(text)).toBe(true);
  });

  it.each([
    '2027-02-29',
    '2027-02-30',
    '2027-13-01',
    '2027-00-10',
    '2027-04-31',
    '0000-01-01',
    '2027-5-1',
    '27-05-01',
    '2027-05-01T00:00:00Z',
    ' 2027-05-01',
    '2027-05-01\n',
    '',
    20270501,
    null,
    undefined,
    ['2027-05-01'],
    { not: '' },
  ])('is not %p', (value) => {
    expect(isCalendarDate(value)).toBe(false);
  });

  it('is so many days before another, across a leap day and the turn of a year too', () => {
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
    expect(daysBetween('2027-12-31', '2028-01-01')).toBe(1);
    expect(daysBetween('2027-05-02', '2027-05-01')).toBe(-1);
  });
});
