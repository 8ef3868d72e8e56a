import { SaxesParser } from 'saxes';
import type { XmlUnit } from '../xml/known-unit.ts';
import { createXmlReader } from '../xml/read-xml.ts';

/** All that is heard of a document, one line each; white space between tags is not. */
export interface Heard {
  readonly events: readonly string[];
  readonly problem: string | undefined;
}

const opened = (name: string, attributes: object) => `<${name}${JSON.stringify({ ...attributes })}`;

/** By our reader, with `port` as a unit. `ends`: of each document, whether it ended with its last tag. */
export function readByUs(pieces: readonly string[]): Heard & { readonly ends: readonly boolean[] } {
  const events: string[] = [];
  const ends: boolean[] = [];
  let begin = 0;
  const unit: XmlUnit = {
    inner: new Set(['state', 'service', 'cpe']),
    ready: () => true,
    take: () => events.slice(begin),
    repeat: (value) => void events.push(...(value as string[])),
  };
  const reader = createXmlReader({
    onOpen: (name, attributes) => {
      if (name === 'port') begin = events.length;
      events.push(opened(name, attributes));
    },
    onClose: (name) => void events.push(`>${name}`),
    onText: (text) => void (text.trim() && events.push(text.trim())),
    onEnd: (whole) => void ends.push(whole),
    units: new Map([['port', unit]]),
  });
  for (const piece of pieces) reader.write(piece);
  reader.end();
  return { events, ends, problem: reader.problem()?.message };
}

/** By saxes alone, without any shortcut. A document that is only cut off is no problem. */
export function readBySaxes(text: string): Heard {
  const events: string[] = [];
  const parser = new SaxesParser<{ position: false; xmlns: false }>({
    position: false,
    xmlns: false,
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => void events.push(opened(name, attributes)));
  parser.on('closetag', ({ name }) => void events.push(`>${name}`));
  const hear = (said: string) => void (said.trim() && events.push(said.trim()));
  parser.on('text', hear);
  parser.on('cdata', hear);
  let closed = true;
  try {
    parser.write(text);
    closed = false;
    parser.close();
  } catch (error) {
    const { message } = error as Error;
    // A document that is only not closed is cut off, which is no problem here.
    const cut =
      !closed &&
      /^unclosed tag|^expected one of|^document must contain|^unexpected end/.test(message);
    return { events, problem: cut ? undefined : message.replace(/\.$/, '') };
  }
  return { events, problem: undefined };
}
