import type { XmlListener } from './judge.ts';
import { parsePlainTag } from './plain-tag.ts';

/** Tags that need no parser, and the elements that they opened. */
interface PlainTags {
  /** Tells the listener of a tag, if it is plain and goes no deeper than `room` more elements. */
  readonly take: (piece: string, room: number) => boolean;
  /** Hands over the elements that are open: whoever gets them has to close them. */
  readonly hand: () => readonly string[];
}

/** Knows which elements plain tags have opened, so that it can take their end tags as well. */
export function createPlainTags(listener: XmlListener): PlainTags {
  let open: string[] = [];
  const leave = (piece: string): boolean => {
    const name = open.at(-1);
    if (name === undefined || piece !== `</${name}>`) return false;
    open.pop();
    listener.onClose(name);
    return true;
  };
  return {
    take: (piece, room) => {
      if (piece.startsWith('</')) return leave(piece);
      const tag = open.length < room ? parsePlainTag(piece) : null;
      if (!tag) return false;
      listener.onOpen(tag.name, tag.attributes);
      if (tag.empty) listener.onClose(tag.name);
      else open.push(tag.name);
      return true;
    },
    hand: () => {
      const handed = open;
      if (open.length > 0) open = [];
      return handed;
    },
  };
}
