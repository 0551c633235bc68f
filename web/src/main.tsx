import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { client } from './api/client.ts';
import { listen } from './api/live.ts';
import { router } from './router.tsx';
import { showTheme } from './theme/theme.ts';
import './theme/tokens.css';
import './theme/base.css';
import './parts/controls.css';

showTheme();
void listen(new AbortController().signal);
const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
