import { describe, expect, it } from '@jest/globals';
import { describeFailure, placeOf } from './connection-failure.js';

describe('the place of a broker', () => {
  it('names host, port and vhost and hides user and password', () => {
    expect(placeOf('amqp://me:secret@rabbit.example:5673/trips')).toBe(
      'RabbitMQ at rabbit.example:5673, vhost "trips"',
    );
    expect(placeOf('amqp://rabbit.example')).toBe('RabbitMQ at rabbit.example:5672, vhost "/"');
    expect(placeOf('amqps://rabbit.example/%2Fodd')).toBe('RabbitMQ at rabbit.example:5671, vhost "/odd"');
  });
});

describe('the sentence on a failed connection', () => {
  const say = (error: unknown) => describeFailure(error, 'RabbitMQ');
  const coded = (code: number | string, message = 'text') => Object.assign(new Error(message), { code });

  it('says what to check when the login is refused', () => {
    const error = new Error(
      'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused"',
    );
    expect(say(error)).toMatch(/^RabbitMQ refuses the login or a right \(403\): check user name/);
  });

  it('says what to do about an unknown vhost', () => {
    const sentence = /^RabbitMQ refuses the vhost \(530, as a rule\): create it/;
    expect(say(coded(530))).toMatch(sentence);
    expect(say(new Error('Expected ConnectionOpenOk; got <ConnectionClose channel:0>'))).toMatch(sentence);
  });

  it('says what to do about a queue that was declared otherwise', () => {
    const error = coded(406, "PRECONDITION_FAILED - inequivalent arg 'x-delivery-limit' for queue 'q'");
    expect(say(error)).toContain('has a queue or exchange of this name with other settings (406)');
  });

  it('takes 404 and 541 after a restart for what they are', () => {
    expect(say(coded(541))).toContain('is not ready yet (541)');
    expect(say(coded(404))).toContain('is not ready yet (404)');
  });

  it('knows the errors of the network', () => {
    expect(say(coded('ECONNREFUSED'))).toBe('Nothing answers for RabbitMQ (ECONNREFUSED): is it running?');
    expect(say(coded('ENOTFOUND'))).toContain("can't be resolved");
    expect(
      say(Object.assign(new AggregateError([coded('ECONNREFUSED')]), { code: 'ECONNREFUSED' })),
    ).toContain('is it running?');
  });

  it('gives the reason why something was aborted, and whatever else as it is', () => {
    const aborted = new Error('The operation was aborted', { cause: new Error('No confirm came.') });
    aborted.name = 'AbortError';
    expect(say(aborted)).toBe('RabbitMQ: No confirm came.');
    expect(say('odd')).toBe('RabbitMQ: odd.');
  });
});
