const LONG = 'a'.repeat(5_000);

/** Text that has broken something somewhere. */
export const ODD_TEXTS: readonly string[] = [
  ...['', ' ', '\t', '\u0000', 'a\u0000b', 'a\nb', '\u007f', '\ufeff', '\ufffe'],
  ...['\ud800', 'x\udc00', '\ud83d\ud83d', '\u202eevif', 'שלום', '👩‍👩‍👧', 'e\u0301\u0301\u0301', 'ﬀ', 'İ'],
  ...["'; DROP TABLE saga_instance;--", '" OR 1=1', '${7*7}', '{{7*7}}', '%s%n', '%00', '../../etc/passwd'],
  ...['NaN', 'Infinity', '-0', '1e9', '0x10', '1_000', '٣', 'null', 'undefined', 'true', '[object Object]'],
  ...['2027-02-30', '0000-00-00', '9999-12-31', '2027-05-01T00:00:00Z', '2027-05-01T25:00:00+99:99', 'T'],
  ...['__proto__', 'constructor', 'toString', '<script>alert(1)</script>', 'http://127.0.0.1:1/', LONG],
];

/** JSON that isn't what is asked for, whatever that is. */
export const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, -1e-7, 2 ** 31, 2 ** 53, 9007199254740993n.toString()],
  ...[[], {}, { not: '' }, [{ not: '' }], [[]], [null], { length: 1 }, { $ref: '#' }, { toString: 'x' }],
  ...[nested(40, []), nested(5, 'x'), Array(2_000).fill(0), { constructor: { prototype: { a: 1 } } }],
];

/** Names of fields that nobody asks for. */
export const ODD_NAMES: readonly string[] = [
  ...[
    'extra',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'then',
    'not',
    '$where',
  ],
  ...['', ' ', '\u0000', '\ud800', 'id', 'status', 'owner', 'length', '0', 'a.b', 'items[0]', LONG],
];

/** Bodies that are no JSON, or hardly. */
export const ODD_BODIES: readonly (string | Buffer)[] = [
  ...['', ' ', '{', '}', '{"a":', '[', '"', 'null', 'true', '7', '"text"', '[]', '{}', '{}{}', '{"a":1,}'],
  ...["{'a':1}", '{a:1}', '/* x */{}', 'NaN', '-', '1e999', '{"a":1e999}', '"\\ud800"', '{"\\u0000":1}'],
  ...['\u0000', '\ufeff{}', '--x\r\nContent-Disposition: form-data\r\n\r\n', 'a=b&c=d', '<xml/>'],
  ...['['.repeat(20_000), '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), `"${'x'.repeat(70_000)}"`],
  ...[Buffer.from([0xff, 0xfe, 0x7b, 0x00]), Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])],
];

export const ODD_CONTENT_TYPES: readonly string[] = [
  ...['', 'text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'],
  ...['multipart/form-data; boundary=x', 'application/json; charset=utf-16', 'application/json;', 'json'],
  ...['APPLICATION/JSON', 'application/vnd.api+json', 'application/json, text/plain', '*/*', '/', ';'],
];

export const ODD_METHODS: readonly string[] = [
  ...['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'MKCOL', 'LOCK', 'PURGE', 'SEARCH'],
  ...['GET', 'POST'],
];

/** As they stand in a URL. */
export const ODD_SEGMENTS: readonly string[] = [
  ...[
    '%00',
    '%zz',
    '%',
    '%2e%2e',
    '..',
    '.',
    '%2f',
    '%ff%fe',
    '%ed%a0%80',
    '%F0%9F%92%A9',
    'undefined',
    'null',
  ],
  ...['0', '-1', ':id', '{id}', '*', 'a;b=c', "'", '%27%20OR%201=1', 'a'.repeat(50), 'a'.repeat(3_000)],
  ...['0192F0C1-2B3C-7D4E-8F90-123456789ABC', '0192f0c1-2b3c-7d4e-8f90-123456789abc', '00000000000000000000'],
];

/** Values of header fields, all of bytes that HTTP lets through. */
export const ODD_HEADER_VALUES: readonly string[] = [
  ...[
    '',
    '*',
    '"',
    '""',
    'W/"1"',
    '"1"',
    ',',
    ';',
    '=',
    '0',
    '-1',
    '1',
    '99999999999999999999',
    '\u00ff\u00fe',
  ],
  ...[
    'wait=0',
    'wait=1',
    'wait="0"',
    'wait=-1',
    'wait=x',
    'wait=0, wait=1',
    'respond-async',
    'Bearer',
    'Bearer ',
  ],
  ...[
    'Bearer wrong',
    'Basic eDp5',
    'bearer null',
    'a'.repeat(300),
    'a b\tc',
    '\u00e9',
    "';--",
    'null',
    '{"a":1}',
  ],
];

export const ODD_HEADERS: readonly string[] = [
  ...['Idempotency-Key', 'Prefer', 'Last-Event-ID', 'If-None-Match', 'Authorization', 'Accept', 'Origin'],
  ...[
    'X-Forwarded-For',
    'X-HTTP-Method-Override',
    'Content-Encoding',
    'Range',
    'If-Modified-Since',
    'Cookie',
  ],
  ...['Expect', 'Upgrade-Insecure-Requests', 'traceparent', 'Forwarded', 'Accept-Encoding', 'X-Request-Id'],
];

function nested(levels: number, inmost: unknown): unknown {
  return levels === 0 ? inmost : { a: nested(levels - 1, inmost) };
}
