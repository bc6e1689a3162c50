/** Field names nest no deeper than this in any request of a hosted service; deeper ones are passed over. */
const DEPTH_MAX = 10;

/** A request of the query protocol as the tree of its dotted field names: `Entry.1.Id=a` is `a` at Entry, 1, Id. */
export interface FormNode {
  text?: string;
  readonly children: Map<string, FormNode>;
}

/** Reads a form: its operation, and all other fields but the version. */
export function readQueryForm(form: string): { operation: string; root: FormNode } {
  const root: FormNode = { children: new Map() };
  for (const [name, value] of new URLSearchParams(form)) {
    const parts = name.split('.');
    if (parts.length > DEPTH_MAX) continue;
    let node = root;
    for (const part of parts) {
      let child = node.children.get(part);
      if (child === undefined) node.children.set(part, (child = { children: new Map() }));
      node = child;
    }
    node.text = value;
  }
  const operation = root.children.get('Action')?.text ?? '';
  root.children.delete('Action');
  root.children.delete('Version');
  return { operation, root };
}
