/** Names and values as they come from estates nobody has seen. */
export const hostileTexts: readonly string[] = [
  `it's "quoted" and \\ escaped \\`,
  '${jndi:x} $' + '{"a"} #{b} %7C | %',
  'line\nbreak\r\ttab\u0000nul\u2028separator',
  '😀 żółć 漢字 \uffff',
  `').drop();g.V().drop()//`,
  `x${'0123456789'.repeat(100)}`,
];
