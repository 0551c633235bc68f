import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { answerBy, client } from './api/client.ts';
import { fromSnapshot, snapshotOfPage } from './api/from-snapshot.ts';
import { listen, nothingIsLive } from './api/live.ts';
import { router } from './router.tsx';
import { showTheme } from './theme/theme.ts';
import './theme/tokens.css';
import './theme/base.css';
import './parts/controls.css';

showTheme();
const snapshot = snapshotOfPage();
if (snapshot === undefined) void listen(new AbortController().signal);
else {
  answerBy(fromSnapshot(snapshot));
  nothingIsLive();
}
const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
