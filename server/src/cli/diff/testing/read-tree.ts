import { SaxesParser } from 'saxes';

/** An element of a small document. */
export interface Tree {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Tree[];
}

/** Reads a whole document; throws where it is not well-formed. */
export function readTree(xml: string): Tree {
  const top: Tree = { name: '', attributes: {}, children: [] };
  const open: Tree[] = [top];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: Tree = { name, attributes, children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  const [root] = top.children;
  if (!root) throw new Error('there is no element');
  return root;
}
