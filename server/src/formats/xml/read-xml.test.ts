import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBySaxes, readByUs } from '../testing/hear-xml.ts';

const FRAGMENTS = [
  '<host>',
  '</host>',
  '<ports>',
  '</ports>',
  '<a b="1" c="2">',
  '</a>',
  '<address addr="10.0.0.1" addrtype="ipv4"/>',
  '<port protocol="tcp" portid="22"><state state="open"/></port>',
  '<port protocol="tcp" portid="22"><state state="open"/></port>\n',
  '<port protocol="tcp" portid="80"><state state="open"/><service name="a&amp;b"><cpe>x</cpe></service></port>',
  '<port protocol="tcp" portid="80"><other/></port>',
  '<port a="1"/>',
  '<port a="1"><port a="1"/></port>',
  '<port a="1"><!-- </port> --></port>',
  '<port a="1">',
  '</port>',
  '<x a="1" a="2"/>',
  '<x constructor="1"/>',
  '<x a="&lt;&#65;&#x42;"/>',
  '<x a="&no;"/>',
  '<x a="a<b"/>',
  "<x a='>'/>",
  '<x a=">"/>',
  '<x a = "1" />',
  '<x a="1"b="2"/>',
  '<x\n a="1\n2"/>',
  '<X é="ü"/>',
  '<1/>',
  '< a/>',
  '<!-- a > b -->',
  '<!-- <port a="1"><state/></port> -->',
  '<![CDATA[ <host> ]]>',
  '<![CDATA[ <port a="1"></port> > ]]>',
  '<?pi <host>?>',
  '<?pi ?',
  'text',
  ' > ',
  ']]>',
  '&amp;',
  '&',
  '\n',
  '\r\n',
  '>',
  '<',
  '"',
];

describe('whatever goes past the parser changes nothing of what is heard', () => {
  const documents = fc
    .array(fc.constantFrom(...FRAGMENTS), { maxLength: 14 })
    .map((fragments) => `<nmaprun>${fragments.join('')}</nmaprun>`);
  const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 20 });

  it('of any mixture of fragments, in pieces of any size', () => {
    fc.assert(
      fc.property(documents, cuts, (text, sizes) => {
        const pieces: string[] = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        pieces.push(text.slice(at));
        const { events, problem } = readByUs(pieces);
        const theirs = readBySaxes(text);
        expect(problem).toEqual(theirs.problem);
        if (problem === undefined) expect(events).toEqual(theirs.events);
        else expect(theirs.events).toEqual(expect.arrayContaining([...events]));
      }),
      { numRuns: 3_000 },
    );
  });

  it('of elements that nest well, again and again', () => {
    const port = fc.constantFrom(...FRAGMENTS.filter((one) => /^<port.*<\/port>/.test(one)));
    const host = fc.array(port, { maxLength: 6 }).map((all) => `<host>${all.join('')}</host>`);
    fc.assert(
      fc.property(fc.array(host, { maxLength: 8 }), (hosts) => {
        const text = `<nmaprun>${hosts.join('\n')}</nmaprun>`;
        expect(readByUs([text])).toEqual({ ...readBySaxes(text), ends: [true] });
      }),
    );
  });
});

describe('several documents in a row', () => {
  it.each([
    ['one', '<?xml version="1.0"?><a/>', [true]],
    [
      'two with declarations',
      '<?xml version="1.0"?><a/>\n<?xml version="1.0"?>\n<a/>\n',
      [true, true],
    ],
    ['two without', '<a></a>\n<!-- b --><a></a>', [true, true]],
    [
      'the first cut off between tags',
      '<?xml version="1.0"?><a><b>\n<?xml version="1.0"?><a/>',
      [false, true],
    ],
    ['the last cut off', '<a/><?xml version="1.0"?><!DOCTYPE a><a>', [true, false]],
    ['with white space before all', '\n <?xml version="1.0"?><a/>', [true]],
  ])('%s', (_name, text, ends) => {
    expect(readByUs([text])).toMatchObject({ ends, problem: undefined });
    expect(readByUs([...text])).toMatchObject({ ends, problem: undefined });
  });

  it('is a problem when the first is cut off within a tag', () => {
    expect(readByUs(['<a><b c="<?xml version="1.0"?><a/>']).problem).toBeDefined();
  });
});

it('lets a double hyphen in a comment pass, as old scanners quote their command line there', () => {
  const { events, problem } = readByUs(['<a><!-- nmap --open <port> -- > --><b/></a>']);
  expect({ events, problem }).toEqual({
    events: ['<a{}', '<b{}', '>b', '>a'],
    problem: undefined,
  });
});
