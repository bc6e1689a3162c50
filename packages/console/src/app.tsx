import { Suspense, type ReactNode } from 'react';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { Shell } from './components/shell/shell.tsx';
import { Loading, NotFound } from './components/states.tsx';
import { findPage } from './pages/pages.tsx';
import { navigate, useLocation } from './router/location.ts';
import { useEffect } from 'react';

/** The console: the frame that is always there, and in it the page that the address names. */
export function App(): ReactNode {
  const { path } = useLocation();
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
        <Suspense fallback={<Loading what="the page" />}>
          {found === undefined ? (
            !isHome && <NotFound what="page" detail={path} />
          ) : (
            <found.page.View {...found.parameters} />
          )}
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}
