/** Texts that do harm where text is taken for something else. Those of one line may be stored; what has more is refused. */
export const injections: readonly string[] = [
  // A statement.
  "'; DROP TABLE saga_instance; --",
  "1' OR '1'='1",
  '"; DELETE FROM reservation; --',
  '$1, $2, %s, ?',
  "\\'; SELECT pg_sleep(10); --",
  // A page.
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '&lt;b&gt; &amp;',
  // A template, an expression, a format.
  '${7*7} {{7*7}} <%= 7*7 %> #{7*7}',
  '${process.exit(1)}',
  '%n%n%s%x',
  // A command, a path.
  '$(reboot); `reboot` | reboot && reboot',
  '../../../../etc/passwd',
  'file:///etc/passwd',
  // JSON within JSON, and names of its own.
  '{"$ne":null}',
  '"}],"status":"COMPLETED',
  '__proto__',
  // A spreadsheet.
  '=HYPERLINK("http://evil.example")',
  // Writing of all kinds: right to left, combining, outside the first plane, without width.
  '\u202Egnp.exe',
  'Z͑ͫ̓ͪ̂a̴̵l҉g̸o',
  '𝒜𝒹𝒶 👩‍👩‍👧‍👦',
  'a\u200Bb\uFEFFc',
  'ﷺ',
  // Characters that no line has.
  'a\r\nSet-Cookie: stolen=1',
  'a\nb',
  'a\u0000b',
  'a\u001b[2Jb',
  'half a pair: \ud83d',
];
