import { Suspense, useEffect, useState, type ReactNode } from 'react';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { Shell } from './components/shell/shell.tsx';
import { Loading, NotFound } from './components/states.tsx';
import { findPage, loadAhead, type FoundPage } from './pages/pages.tsx';
import { navigate, useLocation, type ConsoleLocation } from './router/location.ts';

/** The console: the frame that is always there, and in it the page that the address names. */
export function App(): ReactNode {
  const { path, query } = useLocation();
  const isHome = path === '';
  useEffect(() => {
    if (isHome) navigate('machines', true);
  }, [isHome]);
  const found = findPage(path);
  useEffect(() => {
    document.title = found === undefined ? 'Stepyard' : `${found.page.title(found.parameters)} · Stepyard`;
  });
  return (
    <Shell current={found?.page.section}>
      <ErrorBoundary key={path}>
        <Suspense>
          {found === undefined ? (
            !isHome && <NotFound what="page" detail={path} />
          ) : (
            <PageView found={found} path={path} query={query} />
          )}
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

/** The page, as soon as its piece of the program has come. */
function PageView({ found, path, query }: ConsoleLocation & { readonly found: FoundPage }): ReactNode {
  const { view } = found.page;
  const [outcome, setOutcome] = useState<{ readonly error: unknown } | 'loaded' | undefined>();
  useEffect(() => {
    if (view.now !== undefined) return;
    loadAhead(path, query);
    view.load().then(
      () => setOutcome('loaded'),
      (error: unknown) => setOutcome({ error }),
    );
    // What is asked ahead is asked once: another view of the page asks for itself.
  }, [view, path]);
  if (typeof outcome === 'object') throw outcome.error;
  return view.now === undefined ? <Loading what="the page" /> : <view.now {...found.parameters} />;
}
