import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, foldKeymap, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useEffectEvent, useLayoutEffect, useRef, type ReactNode } from 'react';
import type { CodeProps } from './code.tsx';
import { editorColours, editorTheme } from './editor-theme.ts';

/**
 * CodeMirror in a shadow root of its own. There it puts its styles into a constructed style sheet, which a
 * Content-Security-Policy without `unsafe-inline` allows; in the document it would need a style element.
 */
export function CodeMirror({ value, label, language, onChange, findings, show }: CodeProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  const isWritable = onChange !== undefined;
  const changed = useEffectEvent((text: string) => onChange?.(text));
  // Before anything is painted: an empty frame would have what stands below jump.
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const parent = document.createElement('div');
    parent.style.height = '100%';
    root.replaceChildren(parent);
    const view = new EditorView({
      root,
      parent,
      state: EditorState.create({
        doc: '',
        extensions: [
          extensions(label, language, isWritable),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((one) => one.isUserEvent('outside'))) {
              changed(update.state.doc.toString());
            }
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      view.destroy();
      editor.current = null;
    };
  }, [label, language, isWritable]);
  useLayoutEffect(() => {
    const view = editor.current;
    if (view === null || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value }, userEvent: 'outside' });
  }, [value, label, language, isWritable]);
  useEffect(() => {
    const view = editor.current;
    if (view === null || findings === undefined) return;
    const end = view.state.doc.length;
    const marks = findings.map(({ range, severity, message, code }) => {
      const from = Math.min(range.start.offset, end);
      return {
        from,
        to: Math.min(Math.max(range.end.offset, from), end),
        severity,
        message: `${message} (${code})`,
      };
    });
    view.dispatch(setDiagnostics(view.state, marks));
  }, [findings, value]);
  useEffect(() => {
    const view = editor.current;
    if (view === null || show === undefined) return;
    const from = Math.min(show.from, view.state.doc.length);
    view.dispatch({
      selection: { anchor: from, head: Math.min(show.to, view.state.doc.length) },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    });
  }, [show]);
  return <div ref={host} className="code-host" />;
}

/**
 * What is typed over a selection is put in by the editor, not by the browser: that would keep the colours of what was selected in a
 * `style` attribute of its own making, which the Content-Security-Policy then complains of.
 */
const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { inputType, data } = event;
    if (inputType !== 'insertText' || data === null || view.composing || view.state.selection.main.empty)
      return false;
    view.dispatch(view.state.replaceSelection(data), { scrollIntoView: true, userEvent: 'input.type' });
    event.preventDefault();
    return true;
  },
});

function extensions(label: string, language: CodeProps['language'], isWritable: boolean): Extension {
  return [
    lineNumbers(),
    foldGutter(),
    bracketMatching(),
    syntaxHighlighting(editorColours),
    EditorView.lineWrapping,
    editorTheme,
    language === 'json' ? json() : [],
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-readonly': String(!isWritable),
      tabindex: '0',
    }),
    EditorState.readOnly.of(!isWritable),
    // Tab leads out of it, as out of any field: whoever has no mouse must get away, and in a dialog Escape closes all.
    // Text that cannot be changed takes the focus all the same: it is scrolled and searched by keyboard.
    isWritable ? [history(), lintGutter(), typing, keymap.of(historyKeymap)] : [],
    keymap.of([...defaultKeymap, ...foldKeymap]),
  ];
}
