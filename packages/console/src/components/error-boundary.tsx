import { Component, type ReactNode } from 'react';
import { Problem } from './states.tsx';

interface Properties {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | undefined;
}

/** Shows what went wrong in place of what broke; the rest of the console goes on. */
export class ErrorBoundary extends Component<Properties, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="page">
        <Problem title="This page has failed" action="Reload" onAction={() => window.location.reload()}>
          {error.message}
        </Problem>
      </div>
    );
  }
}
