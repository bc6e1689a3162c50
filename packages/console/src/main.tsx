import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { loadAhead } from './pages/pages.tsx';
import { locationHere } from './router/location.ts';
import { startShortcuts } from './state/shortcuts.ts';
import { startTheme } from './state/theme.ts';
import './styles/tokens.css';
import './styles/base.css';

const { path, query } = locationHere();
loadAhead(path, query);
startTheme();
startShortcuts();

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element to draw in');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
